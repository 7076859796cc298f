using Pipeline.Stages;

namespace Pipeline.Features.Negatives;

/// <summary>Puts beside each purchase an item that the user did not take, or, if training draws those itself, says how often items occur.</summary>
/// <remarks>
/// Drawn: Negatives are <see cref="Pairs"/> with label 0, Train and Validation hold a purchase, its negative, a purchase, its negative, ...; a user who took
/// everything has no negative. Else: Negatives are <see cref="ItemFrequencies"/>, Train and Validation hold the purchases alone.
/// </remarks>
public sealed class NegativeStage(NegativeOptions options) : IStage
{
    readonly INegativeSampler sampler = AllNegatives.Of(options.Strategy);
    readonly string? lists = options.Strategy == NegativeKind.Hard ? options.Hard.Lists : null;

    public string Name => "negatives";

    public int Version => 1;

    /// <summary>What the strategy looks at. Of the lists not the place but the content decides, and that is hashed.</summary>
    public object Options { get; } = new { options.Strategy, Alpha = options.Strategy == NegativeKind.Popularity ? options.Alpha : (double?)null };

    public SeedScope Seeds => SeedScope.Each;

    public string? RawOption => "datasets.hm.negatives.hard.lists";

    public IReadOnlyList<string> RawFolders => lists is null ? [] : [lists];

    public IReadOnlyList<Artifact> Reads =>
    [
        FeatureArtifacts.Items, FeatureArtifacts.History, FeatureArtifacts.Positives, FeatureArtifacts.ValidationPositives,
        .. lists is null ? Array.Empty<Artifact>() : [FeatureArtifacts.Users],
    ];

    public IReadOnlyList<Artifact> Writes => [FeatureArtifacts.Negatives, FeatureArtifacts.Train, FeatureArtifacts.Validation];

    public IReadOnlyList<DataSize> Sizes(InputSizes inputs)
    {
        var (train, validation) = (inputs.Of(FeatureArtifacts.Positives), inputs.Of(FeatureArtifacts.ValidationPositives));
        return sampler is IDrawnNegatives
            ? [train, new DataSize(2 * train.Bytes, 2 * train.Rows), new DataSize(2 * validation.Bytes, 2 * validation.Rows)]
            : [DataSize.Of((inputs.Of(FeatureArtifacts.Items).Rows * 6.0) + 1_000), train, validation];
    }

    public Task RunAsync(StageContext context, CancellationToken cancellation)
    {
        var items = EncodedTable.Read(context.Input(FeatureArtifacts.Items));
        foreach (var seed in context.Seeds)
        {
            cancellation.ThrowIfCancellationRequested();
            var train = Pairs.Read(context.Input(FeatureArtifacts.Positives, seed));
            var validation = Pairs.Read(context.Input(FeatureArtifacts.ValidationPositives, seed));
            var output = context.Output(FeatureArtifacts.Negatives, seed);
            output.Facts["strategy"] = sampler.Meaning;
            if (sampler is IDrawnNegatives drawn)
            {
                var history = Interactions.Read(context.Input(FeatureArtifacts.History, seed), items.Count);
                var purchases = ItemFrequencies.Of(history.Items, items.Count).Counts;
                var data = new NegativeData(History.Of(history, history.Users.Max() + 1), purchases, options.Alpha, ReadLists(context, items, [.. train.Users, .. validation.Users]));
                var negatives = DrawnNegatives.Of(drawn, data, train, context.Random(seed, "negatives"));
                negatives.Write(output, train);
                train = negatives.Beside(train);
                validation = DrawnNegatives.Of(drawn, data, validation, context.Random(seed, "validation-negatives")).Beside(validation);
            }
            else
            {
                ItemFrequencies.Of(train.Items, items.Count).Write(output);
            }

            train.Write(context.Output(FeatureArtifacts.Train, seed));
            validation.Write(context.Output(FeatureArtifacts.Validation, seed));
        }

        return Task.CompletedTask;
    }

    Dictionary<int, int[]>? ReadLists(StageContext context, EncodedTable items, int[] users) =>
        lists is null ? null : HardLists.Read(lists, EncodedTable.Read(context.Input(FeatureArtifacts.Users)), items, users);
}
