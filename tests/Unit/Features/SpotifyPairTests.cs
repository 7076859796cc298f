using Pipeline.Features;
using Pipeline.Features.Spotify;
using Pipeline.Ingest.Datasets;

namespace Pipeline.Unit.Features;

public sealed class SpotifyPairTests : IDisposable
{
    static readonly SpotifyPairsOptions Few = new() { Train = 4_000, Validation = 200, TestUsers = 300 };

    readonly StageHarness harness = new("spotify");
    readonly SpotifyAffinity affinity;
    readonly SpotifyPopulation population;

    public SpotifyPairTests()
    {
        harness.Run(new SpotifySampleStage(new SpotifySampleOptions())).Run(new SpotifyIngestStage(null)).Run(new SpotifyFeatureStage());
        affinity = SpotifyAffinity.Read(harness.Input(SpotifyFeatureStage.Affinity));
        population = new SpotifyPopulation(affinity.Genres, affinity.Values);
    }

    public void Dispose() => harness.Dispose();

    [Fact]
    public void Defaults_are_those_of_the_paper_but_for_more_test_users() =>
        Assert.Equal(new SpotifyPairsOptions { Train = 160_000, Validation = 1_000, TestUsers = 2_000, Threshold = 0.1 }, new SpotifyPairsOptions());

    [Fact]
    public void As_many_are_drawn_as_asked()
    {
        harness.Run(new SpotifyPairStage(Few));

        Assert.Equal(4_000, Train(1).Count);
        Assert.Equal(200, Pairs.Read(harness.Input(FeatureArtifacts.Validation, 1)).Count);
        Assert.Equal(300, TestUsers.Read(harness.Input(FeatureArtifacts.Test, 1)).Count);
    }

    [Fact]
    public void Label_follows_from_the_encoded_user_and_the_affinity()
    {
        harness.Run(new SpotifyPairStage(Few));
        var users = EncodedTable.Read(harness.Input(FeatureArtifacts.Users));
        var pairs = Train(1);
        for (var i = 0; i < pairs.Count; i++)
        {
            // p = u R from the 0/1 numbers of the user, not from the population that drew the pair.
            var preference = Enumerable.Range(0, 20).Sum(genre => users.Numeric[(pairs.Users[i] * 20) + genre] * affinity.Values[(genre * 50) + pairs.Items[i]]);
            Assert.Equal(preference > 0.1 ? 1 : preference < -0.1 ? -1 : 0, pairs.Labels[i]);
        }
    }

    [Fact]
    public void Relevant_items_of_a_test_user_are_the_songs_they_like()
    {
        harness.Run(new SpotifyPairStage(Few));
        var test = TestUsers.Read(harness.Input(FeatureArtifacts.Test, 1));

        for (var t = 0; t < test.Count; t++)
        {
            Assert.Equal(Enumerable.Range(0, 50).Where(song => population.Preference(test.Users[t], song) > 0.1), test.Relevant[t]);
        }
    }

    [Fact]
    public void Threshold_decides_who_likes_what()
    {
        // Nobody's sum of four affinities, each the product of ten features within -1 .. 1, comes near 10.
        harness.Run(new SpotifyPairStage(Few with { Threshold = 10 }));

        Assert.All(Train(1).Labels, label => Assert.Equal(0, label));
        Assert.All(TestUsers.Read(harness.Input(FeatureArtifacts.Test, 1)).Relevant, Assert.Empty);
        Assert.Equal(300, harness.Input(FeatureArtifacts.Test, 1).Manifest.Rows);
    }

    [Fact]
    public void Songs_and_sizes_are_drawn_uniformly()
    {
        harness.Run(new SpotifyPairStage(Few with { Train = 40_000 }));
        var pairs = Train(1);

        // 0.999 quantiles of chi-square with 49 and 3 degrees of freedom.
        Assert.InRange(ChiSquare.OfUniform(pairs.Items.CountBy(item => item).Select(pair => pair.Value), 50), 0, 85.35);
        Assert.InRange(ChiSquare.OfUniform(pairs.Users.CountBy(user => population.Genres(user).Length).Select(pair => pair.Value), 4), 0, 16.27);
    }

    [Fact]
    public void Same_seed_gives_the_same_bytes_and_another_seed_other_ones()
    {
        harness.Run(new SpotifyPairStage(Few), 1, 2);
        var first = Fingerprints(1);
        Assert.All(first.Zip(Fingerprints(2)), pair => Assert.NotEqual(pair.First, pair.Second));

        harness.Run(new SpotifyPairStage(Few), 1);
        Assert.Equal(first, Fingerprints(1));
    }

    [Fact]
    public void Training_validation_and_test_have_chances_of_their_own()
    {
        harness.Run(new SpotifyPairStage(Few));
        var (train, validation) = (Train(1), Pairs.Read(harness.Input(FeatureArtifacts.Validation, 1)));

        Assert.NotEqual(train.Users[..200], validation.Users);

        // More training pairs do not change the others.
        var before = Fingerprints(1);
        harness.Run(new SpotifyPairStage(Few with { Train = 4_001 }));
        Assert.Equal(before[1..], Fingerprints(1)[1..]);
        Assert.Equal(train.Users, Train(1).Users[..4_000]);
    }

    [RealDataFact("spotify")]
    public void Labels_of_160000_pairs_of_the_real_files_have_the_expected_shares()
    {
        harness.Run(new SpotifyIngestStage(RealData.Folder("spotify"))).Run(new SpotifyFeatureStage()).Run(new SpotifyPairStage(new SpotifyPairsOptions()));
        var labels = Train(1).Labels;

        // Four standard errors of a share p of n independent pairs: 4 sqrt(p (1 - p) / n) = 4 sqrt(0.285 * 0.715 / 160000) = 0.0045.
        Assert.Equal(160_000, labels.Length);
        Assert.Equal(0.28476, labels.Count(label => label == 1) / 160_000.0, 0.0045);
        Assert.Equal(0.29121, labels.Count(label => label == -1) / 160_000.0, 0.0045);
    }

    string[] Fingerprints(int seed) =>
        [.. new SpotifyPairStage(Few).Writes.Select(artifact => harness.Input(artifact, seed).Manifest.Fingerprint)];

    Pairs Train(int seed) => Pairs.Read(harness.Input(FeatureArtifacts.Train, seed));
}
