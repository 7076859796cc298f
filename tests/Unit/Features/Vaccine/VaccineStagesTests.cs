using Pipeline.Features;
using Pipeline.Features.Clusters;
using Pipeline.Features.Vaccine;
using Pipeline.Ingest.Datasets;
using Pipeline.Stages;

namespace Pipeline.Unit.Features.Vaccine;

public sealed class VaccineStagesTests : IDisposable
{
    const int TrainedUsers = 1_500;

    static readonly VaccineClusterOptions Clusters = new() { Users = TrainedUsers };
    static readonly VaccinePairsOptions Pairs = new() { Train = 3_000, Validation = 100, TestUsers = 200 };

    readonly StageHarness harness = new("vaccine-25x50");

    public VaccineStagesTests() => harness
        .Run(new VaccineSampleStage(new VaccineSampleOptions { Users = 2_000 })).Run(new VaccineIngestStage(null)).Run(new VaccineFeatureStage());

    public void Dispose() => harness.Dispose();

    [Fact]
    public void Users_are_a_standardised_age_and_seven_categories()
    {
        var users = EncodedTable.Read(harness.Input(FeatureArtifacts.Users));

        Assert.Equal(["age"], users.Spec.Numeric);
        Assert.Equal(["gender", "progression", "education", "insurance", "race", "language", "religion"], users.Spec.Categories.Select(category => category.Name));
        Assert.Equal(0, users.Numeric.Average(age => (double)age), 1e-3);
        Assert.Equal(1, users.Numeric.Average(age => (double)age * age), 1e-3);
    }

    [Fact]
    public void Each_seed_draws_its_own_messages_and_every_cluster_has_one()
    {
        harness.Run(new VaccineClusterStage(25, 50, Clusters), 1, 2);

        var (one, two) = (Items(1), Items(2));
        Assert.Equal(50, one.Count);
        Assert.Equal(50, one.Ids.Distinct().Count());
        Assert.NotEqual(one.Ids, two.Ids);
        Assert.Equal([new CategoryFeature("message", 50)], one.Spec.Categories);
        Assert.Equal(Enumerable.Range(0, 25), MessageClusters(1).Distinct().Order());
    }

    [Fact]
    public void As_many_messages_as_clusters_are_a_cluster_each()
    {
        harness.Run(new VaccineClusterStage(25, 25, Clusters)).Run(new VaccinePairStage(Pairs, TrainedUsers));

        Assert.Equal(25, MessageClusters(1).Distinct().Count());
        Assert.All(TestUsers.Read(harness.Input(FeatureArtifacts.Test, 1)).Relevant, relevant => Assert.Single(relevant));
    }

    [Fact]
    public void A_label_says_whether_the_clusters_of_user_and_message_have_one_number()
    {
        harness.Run(new VaccineClusterStage(25, 50, Clusters)).Run(new VaccinePairStage(Pairs, TrainedUsers));
        int[] userClusters = ClusterNumbers.Read(harness.Input(VaccineClusterStage.UserClusters, 1)), messageClusters = MessageClusters(1);
        var pairs = Pipeline.Features.Pairs.Read(harness.Input(FeatureArtifacts.Train, 1));

        Assert.Equal(3_000, pairs.Count);
        Assert.All(Enumerable.Range(0, pairs.Count), i =>
        {
            Assert.InRange(pairs.Users[i], 0, TrainedUsers - 1);
            Assert.Equal(userClusters[pairs.Users[i]] == messageClusters[pairs.Items[i]] ? 1 : 0, pairs.Labels[i]);
        });

        // One in 25 by chance; 3,000 draws have a standard error of 11.
        Assert.InRange(pairs.Labels.Sum(), 120 - 55, 120 + 55);
    }

    [Fact]
    public void Test_users_are_fresh_each_once_and_take_to_the_messages_of_their_nearest_centroid()
    {
        harness.Run(new VaccineClusterStage(25, 50, Clusters)).Run(new VaccinePairStage(Pairs, TrainedUsers));
        int[] userClusters = ClusterNumbers.Read(harness.Input(VaccineClusterStage.UserClusters, 1)), messageClusters = MessageClusters(1);
        var test = TestUsers.Read(harness.Input(FeatureArtifacts.Test, 1));

        Assert.Equal(200, test.Users.Distinct().Count());
        Assert.All(Enumerable.Range(0, test.Count), t =>
        {
            Assert.InRange(test.Users[t], TrainedUsers, 1_999);
            Assert.Equal(Enumerable.Range(0, 50).Where(message => messageClusters[message] == userClusters[test.Users[t]]), test.Relevant[t]);
        });
    }

    [Fact]
    public void Ages_in_years_make_clusters_of_ages()
    {
        harness.Run(new VaccineClusterStage(25, 25, Clusters));
        var inYears = SpreadOfAges();
        harness.Run(new VaccineClusterStage(25, 25, Clusters with { AgeScale = AgeScale.Standardised }));

        // In years an age outweighs categories of 0 and 1: 25 bands of some 60 years are about two years wide.
        Assert.InRange(inYears, 0, 0.2);
        Assert.InRange(SpreadOfAges(), 0.3, 1);
    }

    [Fact]
    public void More_messages_than_there_are_cannot_be_drawn()
    {
        var error = Assert.Throws<PipelineException>(() => harness.Run(new VaccineClusterStage(25, 101, Clusters)));

        Assert.Equal(ExitCode.CheckFailed, error.Code);
        Assert.Contains("there are 100 messages; expected at least 101", error.Message);
    }

    [Fact]
    public void Too_few_fresh_users_are_an_error()
    {
        harness.Run(new VaccineClusterStage(25, 25, Clusters));

        Assert.Contains("leave 500 fresh ones", Assert.Throws<PipelineException>(() => harness.Run(new VaccinePairStage(Pairs with { TestUsers = 501 }, TrainedUsers))).Message);
    }

    EncodedTable Items(int seed) => EncodedTable.Read(harness.Input(FeatureArtifacts.Items, seed));

    int[] MessageClusters(int seed) => ClusterNumbers.Read(harness.Input(VaccineClusterStage.MessageClusters, seed));

    /// <summary>Deviation of the standardised age within a cluster, averaged over the users.</summary>
    double SpreadOfAges()
    {
        var ages = EncodedTable.Read(harness.Input(FeatureArtifacts.Users)).Numeric;
        var clusters = ClusterNumbers.Read(harness.Input(VaccineClusterStage.UserClusters, 1)).Index().GroupBy(user => user.Item, user => (double)ages[user.Index]);
        return Math.Sqrt(clusters.Sum(cluster => cluster.Sum(age => (age - cluster.Average()) * (age - cluster.Average()))) / ages.Length);
    }
}
