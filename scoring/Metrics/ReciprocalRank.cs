namespace Pipeline.Scoring.Metrics;

/// <summary>One over the place of the first relevant item.</summary>
/// <remarks>
/// <code>RR@k = 1 / (rank of the first hit) if that is at most k, else 0</code>
/// Its mean over users is MRR. Source: Voorhees 1999, "The TREC-8 question answering track report".
/// </remarks>
public sealed class ReciprocalRank(int k) : IMetric
{
    public string Id => "MRR";

    public int K => k;

    public string Meaning => "Mean reciprocal rank: one over the place of the first item the user likes; 0 if none is among the first k.";

    public double Of(ReadOnlySpan<int> list, RelevantItems relevant)
    {
        for (var i = 0; i < Math.Min(k, list.Length); i++)
        {
            if (relevant.Contains(list[i]))
            {
                return 1.0 / (i + 1);
            }
        }

        return 0;
    }
}
