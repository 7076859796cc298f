namespace Pipeline.Scoring.Metrics;

/// <summary>What a report measures, in its order.</summary>
public static class AllMetrics
{
    public static IReadOnlyList<IMetric> List { get; } =
    [
        new Precision(1), new Precision(5), new Precision(10),
        new Recall(1), new Recall(5), new Recall(10),
        new ReciprocalRank(1), new ReciprocalRank(5), new ReciprocalRank(10),
        new HitRate(1), new HitRate(5), new HitRate(10),
        new Ndcg(1), new Ndcg(5), new Ndcg(10),
        new MeanAveragePrecision(12),
    ];

    /// <summary>The longest cutoff: lists need this many entries.</summary>
    public static int LongestCutoff { get; } = List.Max(metric => metric.K);
}
