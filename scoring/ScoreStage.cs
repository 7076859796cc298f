using Pipeline.Features;
using Pipeline.Models;
using Pipeline.Stages;

namespace Pipeline.Scoring;

/// <summary>Gives the test users their lists from one tower's model, seed by seed.</summary>
/// <param name="tower">"mamba" or "transformer".</param>
/// <param name="history">Interactions whose items may be masked; null where the data have none.</param>
public sealed class ScoreStage(string tower, ListOptions options, Artifact? history = null) : IStage
{
    readonly Artifact model = ModelArtifacts.Of(tower);
    readonly Artifact lists = ScoringArtifacts.TestLists(tower);
    readonly Artifact? masked = options.MaskBought ? history : null;

    public string Name => $"score/{tower}";

    public int Version => 3;

    public object Options { get; } = new { options.Length, options.MaskBought };

    public SeedScope Seeds => SeedScope.Each;

    public IReadOnlyList<Artifact> Reads => [model, FeatureArtifacts.Users, FeatureArtifacts.Items, FeatureArtifacts.Test, .. masked is null ? [] : new[] { masked }];

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
        var known = masked is null ? null : KnownItems.Read(context.Input(masked, seed), users.Count, items.Count);
        var top = ModelLists.Of(context.Input(model, seed), users, distinct.Rows, items, length + (known?.Most ?? 0), context.Threads);
        var listOf = distinct.GroupOf;
        if (known is not null)
        {
            (top, listOf) = (top.Without(known, test.Users, listOf, length), [.. Enumerable.Range(0, test.Count)]);
        }

        var output = context.Output(lists, seed);
        TestLists.Write(output, test, users, items, top, listOf, options.Length);
        LikedItems.Of(test, top, listOf, items.Count).Write(output);
        output.Facts["testUsers"] = test.Count;
        output.Facts["distinctRows"] = distinct.Rows.Length;
        output.Facts["dedupeFactor"] = distinct.Factor;
        context.Progress(test.Count, test.Count, "users");
    }
}
