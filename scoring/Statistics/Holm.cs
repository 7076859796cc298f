namespace Pipeline.Scoring.Statistics;

/// <summary>Corrects p-values for their number: with a level of 5 %, the chance of even one false finding in the whole family is at most 5 %.</summary>
/// <remarks>
/// <code>p'(i) = largest over j up to i of min(1, (m - j + 1) p(j))      p(1) .. p(m) ascending</code>
/// Needs no independence of the tests. Source: Holm 1979, "A simple sequentially rejective multiple test procedure".
/// </remarks>
public static class Holm
{
    /// <param name="p">The p-values of one family, in any order.</param>
    /// <returns>In the same order.</returns>
    public static double[] Correct(IReadOnlyList<double> p)
    {
        var corrected = new double[p.Count];
        var (largest, left) = (0.0, p.Count);
        foreach (var i in Enumerable.Range(0, p.Count).OrderBy(i => p[i]))
        {
            largest = Math.Max(largest, Math.Min(1, left * p[i]));
            corrected[i] = largest;
            left--;
        }

        return corrected;
    }
}
