using Pipeline.Stages;

namespace Pipeline.Features.Hm;

/// <summary>Divides the purchases for each seed, draws those to train on, and makes sure that nothing of the test is among them.</summary>
/// <remarks>
/// NOTE: Starnes and Webster, sec. III, leave open how purchases are drawn. Here every purchase that training may know is equally likely, so that
/// an item bought twice by the same user counts twice.
/// </remarks>
public sealed class HmSplitStage(HmSplitOptions options) : IStage
{
    public string Name => "split";

    public int Version => 1;

    public object Options { get; } = options;

    public SeedScope Seeds => SeedScope.Each;

    public IReadOnlyList<Artifact> Reads => [FeatureArtifacts.Users, FeatureArtifacts.Items, FeatureArtifacts.Interactions];

    public IReadOnlyList<Artifact> Writes =>
        [FeatureArtifacts.History, FeatureArtifacts.Positives, FeatureArtifacts.ValidationPositives, FeatureArtifacts.Test];

    /// <summary>
    /// The share of purchases within the catalogue grows with the root of its items: a hundred have .13 of the real sample, a thousand .44.
    /// In a test period of a week about one customer in eighteen buys.
    /// </summary>
    public IReadOnlyList<DataSize> Sizes(InputSizes inputs)
    {
        var (users, items) = (inputs.Of(FeatureArtifacts.Users), inputs.Of(FeatureArtifacts.Items));
        var known = inputs.Of(FeatureArtifacts.Interactions).Rows * Math.Min(1, 0.135 * Math.Sqrt(items.Rows / 100.0));
        return
        [
            DataSize.Of((known * 4.5) + 1_000, known),
            Pairs.Size(options.Train, users, items),
            Pairs.Size(options.Validation, users, items),
            TestUsers.Size(options.Kind == HmSplitKind.Time ? users.Rows / 18.0 : options.TestUsers, users),
        ];
    }

    public Task RunAsync(StageContext context, CancellationToken cancellation)
    {
        var users = EncodedTable.Read(context.Input(FeatureArtifacts.Users));
        var items = EncodedTable.Read(context.Input(FeatureArtifacts.Items));
        var table = context.Input(FeatureArtifacts.Interactions);
        var catalogue = History.Of(Interactions.Read(table, items.Count), users.Count);
        foreach (var seed in context.Seeds)
        {
            cancellation.ThrowIfCancellationRequested();
            var split = HmSplit.Of(table, catalogue, items.Count, options, purpose => context.Random(seed, purpose));
            new HmLeakageCheck(users, items, options.TestPeriod, split).Require(table);
            Write(split, users, items, context, seed);
        }

        return Task.CompletedTask;
    }

    static void Write(HmSplit split, EncodedTable users, EncodedTable items, StageContext context, int seed)
    {
        var history = context.Output(FeatureArtifacts.History, seed);
        split.History.Write(history);
        history.Facts["users"] = split.History.Users.Distinct().Count();
        split.Positives.Write(context.Output(FeatureArtifacts.Positives, seed));
        split.ValidationPositives.Write(context.Output(FeatureArtifacts.ValidationPositives, seed));
        var test = context.Output(FeatureArtifacts.Test, seed);
        split.Test.Write(test, users, items);
        test.Facts["testUsers"] = split.Test.Count;
        test.Facts["relevant"] = split.Test.Relevant.Sum(relevant => (long)relevant.Length);
        test.Facts["relevantOutsideCatalogue"] = split.Test.Elsewhere.Sum(count => (long)count);
    }
}
