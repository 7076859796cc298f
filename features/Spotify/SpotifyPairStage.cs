using Pipeline.Stages;

namespace Pipeline.Features.Spotify;

/// <summary>Draws for each seed who meets which song and what they say of it, and the test users with the songs they like.</summary>
/// <remarks>
/// NOTE: Starnes and Webster, sec. III-A, "randomly sample users and songs" and leave open how. Here the number of a user's genres is
/// uniform on 1 .. 4, then the genres and the song are uniform; all draws are independent, so pairs and test users may repeat.
/// </remarks>
public sealed class SpotifyPairStage(SpotifyPairsOptions options) : IStage
{
    public string Name => "pairs";

    public int Version => 1;

    public object Options { get; } = options;

    public SeedScope Seeds => SeedScope.Each;

    public IReadOnlyList<Artifact> Reads => [FeatureArtifacts.Users, FeatureArtifacts.Items, SpotifyFeatureStage.Affinity];

    public IReadOnlyList<Artifact> Writes => [FeatureArtifacts.Train, FeatureArtifacts.Validation, FeatureArtifacts.Test];

    public IReadOnlyList<DataSize> Sizes(InputSizes inputs)
    {
        var (users, items) = (inputs.Of(FeatureArtifacts.Users), inputs.Of(FeatureArtifacts.Items));
        return [Pairs.Size(options.Train, users, items), Pairs.Size(options.Validation, users, items), TestUsers.Size(options.TestUsers, users)];
    }

    public Task RunAsync(StageContext context, CancellationToken cancellation)
    {
        var affinity = SpotifyAffinity.Read(context.Input(SpotifyFeatureStage.Affinity));
        var population = new SpotifyPopulation(affinity.Genres, affinity.Values);
        var users = EncodedTable.Read(context.Input(FeatureArtifacts.Users));
        var items = EncodedTable.Read(context.Input(FeatureArtifacts.Items));
        foreach (var seed in context.Seeds)
        {
            cancellation.ThrowIfCancellationRequested();
            WritePairs(DrawPairs(population, options.Train, context.Random(seed, "pairs")), context.Output(FeatureArtifacts.Train, seed));
            WritePairs(DrawPairs(population, options.Validation, context.Random(seed, "validation")), context.Output(FeatureArtifacts.Validation, seed));
            var test = DrawTestUsers(population, context.Random(seed, "test-users"));
            var output = context.Output(FeatureArtifacts.Test, seed);
            test.Write(output, users, items);
            output.Facts["testUsers"] = test.Count;
            output.Facts["testUsersWhoLikeNothing"] = test.Relevant.Count(liked => liked.Length == 0);
        }

        return Task.CompletedTask;
    }

    static void WritePairs(Pairs pairs, OutputFolder output)
    {
        pairs.Write(output);
        output.Facts["liked"] = pairs.Labels.Count(label => label > 0);
        output.Facts["disliked"] = pairs.Labels.Count(label => label < 0);
    }

    Pairs DrawPairs(SpotifyPopulation population, int count, RandomStream random)
    {
        var (users, songs, labels) = (new int[count], new int[count], new int[count]);
        for (var i = 0; i < count; i++)
        {
            users[i] = population.Draw(random);
            songs[i] = random.NextInt(population.Songs);
            labels[i] = population.Sentiment(users[i], songs[i], options.Threshold);
        }

        return new Pairs(users, songs, labels);
    }

    TestUsers DrawTestUsers(SpotifyPopulation population, RandomStream random)
    {
        var users = new int[options.TestUsers];
        foreach (ref var user in users.AsSpan())
        {
            user = population.Draw(random);
        }

        return new TestUsers(users, [.. users.Select(user => population.Liked(user, options.Threshold))]);
    }
}
