using Pipeline.Features;
using Pipeline.Models;
using Pipeline.Stages;

namespace Pipeline.Scoring;

/// <summary>Gives the test users the lists that a night would give them, seed by seed: from one tower's model or, where nothing is known of a user, by popularity.</summary>
/// <param name="tower">"mamba" or "transformer".</param>
/// <param name="history">What training may know: what may be masked, and what popularity is counted from. Null where the data have none.</param>
public sealed class ScoreStage(string tower, ListOptions options, Artifact? history = null) : IStage
{
    readonly Artifact model = ModelArtifacts.Of(tower);
    readonly Artifact lists = ScoringArtifacts.TestLists(tower);

    public string Name => $"score/{tower}";

    public int Version => 4;

    public object Options { get; } = new { options.Length, options.MaskBought };

    public SeedScope Seeds => SeedScope.Each;

    public IReadOnlyList<Artifact> Reads => [model, FeatureArtifacts.Users, FeatureArtifacts.Items, FeatureArtifacts.Test, .. history is null ? [] : new[] { history }];

    public IReadOnlyList<Artifact> Writes => [lists];

    public IReadOnlyList<DataSize> Sizes(InputSizes inputs) =>
        [TestLists.Size(inputs.Of(FeatureArtifacts.Test), inputs.Of(FeatureArtifacts.Users), Math.Min(options.Length, inputs.Of(FeatureArtifacts.Items).Rows), bytesOfEntry: 6)];

    public Task RunAsync(StageContext context, CancellationToken cancellation)
    {
        var users = EncodedTable.Read(context.Input(FeatureArtifacts.Users));
        foreach (var seed in context.Seeds)
        {
            cancellation.ThrowIfCancellationRequested();
            ScoreSeed(context, seed, users, EncodedTable.Read(context.Input(FeatureArtifacts.Items, seed)));
        }

        return Task.CompletedTask;
    }

    void ScoreSeed(StageContext context, int seed, EncodedTable users, EncodedTable items)
    {
        var test = TestUsers.Read(context.Input(FeatureArtifacts.Test, seed));
        var distinct = DistinctRows.Of(users, test.Users);

        // Looks as far down as the longest list of likes: item-likes.json needs that.
        var length = Math.Max(options.Length, test.Relevant.Max(liked => liked.Length));
        using var maker = new ListMaker(
            context.Input(model, seed), users, items, options with { Length = length }, () => ListMaker.FindTaken(context, history, seed), context.Threads);
        var given = maker.Of(test.Users, distinct, context.Threads);
        var output = context.Output(lists, seed);
        TestLists.Write(output, users, items, given, options.Length, saysSource: true);
        LikedItems.Of(test, given, items.Count).Write(output);
        if (given.CauseOfDeath(options.Length) is { } cause)
        {
            output.Facts[TestLists.DeadModel] = cause;
        }

        output.Facts["testUsers"] = test.Count;
        output.Facts["testUsersByPopularity"] = Enumerable.Range(0, given.Count).Count(place => given.SourceOf(place) == ListSource.Popularity);
        output.Facts["distinctRows"] = distinct.Rows.Length;
        output.Facts["dedupeFactor"] = distinct.Factor;
        context.Progress(test.Count, test.Count, "users");
    }
}
