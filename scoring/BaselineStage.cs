using Pipeline.Features;
using Pipeline.Scoring.Baselines;
using Pipeline.Stages;

namespace Pipeline.Scoring;

/// <summary>Gives the test users the lists of one baseline, seed by seed.</summary>
public sealed class BaselineStage : IStage
{
    readonly IBaseline baseline;
    readonly ListOptions options;
    readonly bool hasHistory;
    readonly Artifact lists;

    /// <param name="hasHistory">True for a dataset that knows who took what: popularity is then counted from all of it, not from the pairs drawn of it.</param>
    /// <exception cref="ArgumentException">The baseline needs a history that there is not.</exception>
    public BaselineStage(IBaseline baseline, ListOptions options, bool hasHistory = false)
    {
        if (baseline.NeedsHistory && !hasHistory)
        {
            throw new ArgumentException($"{baseline.Id} needs a history of who took what, and when.", nameof(baseline));
        }

        (this.baseline, this.options, this.hasHistory, lists) = (baseline, options, hasHistory, ScoringArtifacts.TestLists(baseline.Id));
    }

    public string Name => $"score/{baseline.Id}";

    public int Version => 1;

    public object Options => baseline.Options is { } own ? new { options.Length, Baseline = own } : new { options.Length };

    public SeedScope Seeds => SeedScope.Each;

    public IReadOnlyList<Artifact> Reads =>
        [FeatureArtifacts.Users, FeatureArtifacts.Items, hasHistory ? FeatureArtifacts.History : FeatureArtifacts.Train, FeatureArtifacts.Test];

    public IReadOnlyList<Artifact> Writes => [lists];

    /// <summary>Scores of a baseline repeat more than a model's.</summary>
    public IReadOnlyList<DataSize> Sizes(InputSizes inputs) =>
        [TestLists.Size(inputs.Of(FeatureArtifacts.Test), inputs.Of(FeatureArtifacts.Users), Math.Min(options.Length, inputs.Of(FeatureArtifacts.Items).Rows), bytesOfEntry: 3)];

    public Task RunAsync(StageContext context, CancellationToken cancellation)
    {
        var users = EncodedTable.Read(context.Input(FeatureArtifacts.Users));
        foreach (var seed in context.Seeds)
        {
            cancellation.ThrowIfCancellationRequested();
            var items = EncodedTable.Read(context.Input(FeatureArtifacts.Items, seed));
            var data = Read(context, seed, users, items.Count);
            var test = data.Test;
            var top = TopLists.Of(test.Count, items.Count, options.Length, baseline.Scorer(data), context.Threads);
            var output = context.Output(lists, seed);
            TestLists.Write(output, users, items, new GivenLists(top, test.Users, [.. Enumerable.Range(0, test.Count)], top.Length), options.Length);
            output.Facts["testUsers"] = test.Count;
            if (data.History is { } history)
            {
                output.Facts["testUsersWithHistory"] = test.Users.Count(user => history.Items(user).Length > 0);
            }

            context.Progress(test.Count, test.Count, "users");
        }

        return Task.CompletedTask;
    }

    BaselineData Read(StageContext context, int seed, EncodedTable users, int itemCount)
    {
        var history = hasHistory ? History.Of(Interactions.Read(context.Input(FeatureArtifacts.History, seed), itemCount), users.Count) : null;
        return new BaselineData
        {
            Taken = history is null
                ? BaselineData.CountLikes(Pairs.Read(context.Input(FeatureArtifacts.Train, seed)), itemCount)
                : BaselineData.CountTaken(history, itemCount),
            Users = users,
            Test = TestUsers.Read(context.Input(FeatureArtifacts.Test, seed)),
            History = history,
            Random = user => context.Random(seed, $"{baseline.Id} list", user),
        };
    }
}
