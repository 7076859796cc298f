namespace Pipeline.Scoring.Baselines;

/// <summary>The lists that stand beside the models', in the order of a report.</summary>
public static class AllBaselines
{
    /// <summary>For a dataset with a history.</summary>
    public static IReadOnlyList<IBaseline> Of(BaselineOptions options) =>
    [
        new PopularityBaseline(),
        new PopularityByAgeBaseline(),
        new RecentPopularityBaseline(options.RecentDays),
        new LastPurchasesBaseline(),
        new RandomBaseline(),
        new OracleBaseline(),
    ];

    /// <summary>For a dataset that does not know who took what, and when.</summary>
    public static IReadOnlyList<IBaseline> WithoutHistory { get; } = [.. Of(new BaselineOptions()).Where(baseline => !baseline.NeedsHistory)];
}
