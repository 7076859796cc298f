namespace Pipeline.Scoring.Metrics;

/// <summary>The share of the first k places that hold a relevant item.</summary>
/// <remarks>
/// <code>P@k = hits(k) / k</code>
/// Divides by k even where the list or the user's relevant items are fewer.
/// Source: Manning, Raghavan and Schuetze 2008, "Introduction to Information Retrieval", section 8.4.
/// </remarks>
public sealed class Precision(int k) : IMetric
{
    public string Id => "P";

    public int K => k;

    public string Meaning => "Precision: the share of the first k places that hold an item the user likes.";

    public double Of(ReadOnlySpan<int> list, RelevantItems relevant) => (double)relevant.HitsIn(list, k) / k;
}
