namespace Pipeline.Scoring.Metrics;

/// <summary>Normalised discounted cumulative gain: hits, worth less the later they come, as a share of the best that was possible.</summary>
/// <remarks>
/// <code>
/// DCG@k  = sum over hits at ranks r up to k of 1 / log2(r + 1)
/// IDCG@k = sum over r = 1 .. min(k, relevant) of 1 / log2(r + 1)
/// NDCG@k = DCG@k / IDCG@k
/// </code>
/// Gains are 1 or 0. Source: Jaervelin and Kekaelaeinen 2002, "Cumulated gain-based evaluation of IR techniques", with the
/// discount 1 / log2(r + 1) that has since become usual.
/// </remarks>
public sealed class Ndcg : IMetric
{
    readonly double[] discounts;
    readonly double[] ideals;

    public Ndcg(int k)
    {
        K = k;
        discounts = new double[k];
        ideals = new double[k + 1];
        for (var i = 0; i < k; i++)
        {
            discounts[i] = 1 / Math.Log2(i + 2);
            ideals[i + 1] = ideals[i] + discounts[i];
        }
    }

    public string Id => "NDCG";

    public int K { get; }

    public string Meaning =>
        "Normalised discounted cumulative gain: liked items among the first k, each worth 1 / log2(place + 1), as a share of the best possible order.";

    public double Of(ReadOnlySpan<int> list, RelevantItems relevant)
    {
        var gain = 0.0;
        for (var i = 0; i < Math.Min(K, list.Length); i++)
        {
            if (relevant.Contains(list[i]))
            {
                gain += discounts[i];
            }
        }

        return gain / ideals[Math.Min(K, relevant.Count)];
    }
}
