namespace Pipeline.Scoring.Metrics;

/// <summary>The share of the user's relevant items that the first k places hold.</summary>
/// <remarks>
/// <code>R@k = hits(k) / relevant</code>
/// Below 1 for every list where a user has more than k relevant items: compare it with the oracle's.
/// Source: Manning, Raghavan and Schuetze 2008, "Introduction to Information Retrieval", section 8.4.
/// </remarks>
public sealed class Recall(int k) : IMetric
{
    public string Id => "R";

    public int K => k;

    public string Meaning => "Recall: the share of all items the user likes that are among the first k.";

    public double Of(ReadOnlySpan<int> list, RelevantItems relevant) => (double)relevant.HitsIn(list, k) / relevant.Count;
}
