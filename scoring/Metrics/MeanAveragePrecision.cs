namespace Pipeline.Scoring.Metrics;

/// <summary>Average precision: the precision at the place of every hit, averaged over the hits that were possible.</summary>
/// <remarks>
/// <code>AP@k = (sum over hits at ranks r up to k of P@r) / min(relevant, k)</code>
/// Its mean over users is MAP. Source: the evaluation rule of Kaggle's competition "H&amp;M Personalized Fashion
/// Recommendations" (MAP@12), which divides by min(relevant, k), not by the user's relevant items or by k.
/// </remarks>
public sealed class MeanAveragePrecision(int k) : IMetric
{
    public string Id => "MAP";

    public int K => k;

    public string Meaning =>
        "Mean average precision: the precision at the place of each liked item among the first k, summed and divided by the smaller of k and the user's likes.";

    public double Of(ReadOnlySpan<int> list, RelevantItems relevant)
    {
        var hits = 0;
        var sum = 0.0;
        for (var i = 0; i < Math.Min(k, list.Length); i++)
        {
            if (relevant.Contains(list[i]))
            {
                hits++;
                sum += (double)hits / (i + 1);
            }
        }

        return sum / Math.Min(relevant.Count, k);
    }
}
