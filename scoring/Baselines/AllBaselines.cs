namespace Pipeline.Scoring.Baselines;

/// <summary>The lists that stand beside the models', in the order of a report.</summary>
public static class AllBaselines
{
    public static IReadOnlyList<IBaseline> List { get; } = [new PopularityBaseline(), new RandomBaseline(), new OracleBaseline()];
}
