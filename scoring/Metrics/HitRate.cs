namespace Pipeline.Scoring.Metrics;

/// <summary>Whether at least one relevant item is among the first k.</summary>
/// <remarks>
/// <code>HR@k = 1 if hits(k) is at least 1, else 0</code>
/// Source: Deshpande and Karypis 2004, "Item-based top-N recommendation algorithms", section 6.1.
/// </remarks>
public sealed class HitRate(int k) : IMetric
{
    public string Id => "HR";

    public int K => k;

    public string Meaning => "Hit rate: the share of users with at least one item they like among the first k.";

    public double Of(ReadOnlySpan<int> list, RelevantItems relevant) => relevant.HitsIn(list, k) > 0 ? 1 : 0;
}
