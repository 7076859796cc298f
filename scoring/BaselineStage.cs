using Pipeline.Features;
using Pipeline.Scoring.Baselines;
using Pipeline.Stages;

namespace Pipeline.Scoring;

/// <summary>Gives the test users the lists of one baseline, seed by seed.</summary>
public sealed class BaselineStage(IBaseline baseline, ListOptions options) : IStage
{
    readonly Artifact lists = ScoringArtifacts.TestLists(baseline.Id);

    public string Name => $"score/{baseline.Id}";

    public int Version => 1;

    public object Options { get; } = new { options.Length };

    public SeedScope Seeds => SeedScope.Each;

    public IReadOnlyList<Artifact> Reads => [FeatureArtifacts.Users, FeatureArtifacts.Items, FeatureArtifacts.Train, FeatureArtifacts.Test];

    public IReadOnlyList<Artifact> Writes => [lists];

    public Task RunAsync(StageContext context, CancellationToken cancellation)
    {
        var users = EncodedTable.Read(context.Input(FeatureArtifacts.Users));
        var items = EncodedTable.Read(context.Input(FeatureArtifacts.Items));
        foreach (var seed in context.Seeds)
        {
            cancellation.ThrowIfCancellationRequested();
            var test = TestUsers.Read(context.Input(FeatureArtifacts.Test, seed));
            var train = Pairs.Read(context.Input(FeatureArtifacts.Train, seed));
            var data = new BaselineData(
                BaselineData.CountLikes(train.Items, train.Labels, items.Count),
                test.Relevant,
                user => context.Random(seed, $"{baseline.Id} list", user));
            var top = TopLists.Of(test.Count, items.Count, options.Length, (user, scores) => baseline.Score(data, user, scores), context.Threads);
            var output = context.Output(lists, seed);
            TestLists.Write(output, test, users, items, top, [.. Enumerable.Range(0, test.Count)], options.Length);
            output.Facts["testUsers"] = test.Count;
            context.Progress(test.Count, test.Count, "users");
        }

        return Task.CompletedTask;
    }
}
