using System.Globalization;

namespace Pipeline.Scoring.Identities;

/// <summary>A metric and its cutoff: "HR@5".</summary>
/// <param name="Id">As <see cref="Metrics.IMetric.Id"/>: HR, MRR, NDCG, R, P or MAP.</param>
/// <param name="K">At least 1.</param>
public readonly record struct MetricName(string Id, int K)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Id}@{K}");
}
