using Pipeline.Scoring.Metrics;

namespace Pipeline.Scoring.Report;

/// <summary>The metrics that lists are judged by.</summary>
static class Headline
{
    /// <summary>A few that the paper prints, and MAP@12 only where it prints that: what everybody asks about H&amp;M.</summary>
    public static IReadOnlyList<IMetric> Of(string dataset) =>
        [.. AllMetrics.List.Where(metric => metric.Name is "P@5" or "P@10" or "R@10" or "HR@1" || (metric.Name == "MAP@12" && PrintedTables.Prints(dataset, metric.Name)))];
}
