using Pipeline.Features.Clusters;
using Pipeline.Stages;

namespace Pipeline.Features.Vaccine;

/// <summary>Draws for each seed who is shown which message, and fresh test users with the messages that they take to.</summary>
public sealed class VaccinePairStage(VaccinePairsOptions options, int trainedUsers) : IStage
{
    public string Name => "pairs";

    public int Version => 1;

    public object Options { get; } = new { Pairs = options, Users = trainedUsers };

    public SeedScope Seeds => SeedScope.Each;

    public IReadOnlyList<Artifact> Reads =>
        [FeatureArtifacts.Users, FeatureArtifacts.Items, VaccineClusterStage.UserClusters, VaccineClusterStage.MessageClusters];

    public IReadOnlyList<Artifact> Writes => [FeatureArtifacts.Train, FeatureArtifacts.Validation, FeatureArtifacts.Test];

    public IReadOnlyList<DataSize> Sizes(InputSizes inputs)
    {
        var (users, items) = (inputs.Of(FeatureArtifacts.Users), inputs.Of(FeatureArtifacts.Items));
        return [Pairs.Size(options.Train, users, items), Pairs.Size(options.Validation, users, items), TestUsers.Size(options.TestUsers, users)];
    }

    public Task RunAsync(StageContext context, CancellationToken cancellation)
    {
        var users = EncodedTable.Read(context.Input(FeatureArtifacts.Users));
        var fresh = users.Count - trainedUsers;
        if (fresh < options.TestUsers)
        {
            throw new PipelineException(
                ExitCode.CheckFailed,
                $"{users.Count} users, {trainedUsers} of them trained on, leave {Math.Max(0, fresh)} fresh ones; expected at least {options.TestUsers} test users. "
                + "Generate or give more users, or lower testUsers.");
        }

        foreach (var seed in context.Seeds)
        {
            cancellation.ThrowIfCancellationRequested();
            var clusterOfUser = ClusterNumbers.Read(context.Input(VaccineClusterStage.UserClusters, seed));
            var clusterOfMessage = ClusterNumbers.Read(context.Input(VaccineClusterStage.MessageClusters, seed));
            var train = context.Output(FeatureArtifacts.Train, seed);
            var pairs = Draw(options.Train, clusterOfUser, clusterOfMessage, context.Random(seed, "pairs"));
            pairs.Write(train);
            train.Facts["liked"] = pairs.Labels.Count(label => label > 0);
            Draw(options.Validation, clusterOfUser, clusterOfMessage, context.Random(seed, "validation")).Write(context.Output(FeatureArtifacts.Validation, seed));
            DrawTestUsers(users.Count, clusterOfUser, clusterOfMessage, context.Random(seed, "test-users"))
                .Write(context.Output(FeatureArtifacts.Test, seed), users, EncodedTable.Read(context.Input(FeatureArtifacts.Items, seed)));
        }

        return Task.CompletedTask;
    }

    Pairs Draw(int count, int[] clusterOfUser, int[] clusterOfMessage, RandomStream random)
    {
        var (users, messages, labels) = (new int[count], new int[count], new int[count]);
        for (var i = 0; i < count; i++)
        {
            (users[i], messages[i]) = (random.NextInt(trainedUsers), random.NextInt(clusterOfMessage.Length));
            labels[i] = clusterOfUser[users[i]] == clusterOfMessage[messages[i]] ? 1 : 0;
        }

        return new Pairs(users, messages, labels);
    }

    TestUsers DrawTestUsers(int userCount, int[] clusterOfUser, int[] clusterOfMessage, RandomStream random)
    {
        int[] fresh = [.. Enumerable.Range(trainedUsers, userCount - trainedUsers)];
        random.Shuffle(fresh.AsSpan());
        int[] users = [.. fresh.Take(options.TestUsers)];
        return new TestUsers(
            users,
            [.. users.Select(user => clusterOfMessage.Index().Where(message => message.Item == clusterOfUser[user]).Select(message => message.Index).ToArray())]);
    }
}
