namespace Pipeline.Scoring.Statistics;

/// <summary>How a list's recommendations spread over the catalogue.</summary>
/// <param name="Items">Size of the catalogue.</param>
/// <param name="Recommended">Items that at least one user is given.</param>
/// <param name="Gini">0 if every item is recommended equally often, (n - 1) / n if all recommendations are one item of n.</param>
public sealed record Concentration(int Items, int Recommended, double Gini)
{
    /// <summary>The share of the catalogue that at least one user is given.</summary>
    public double Coverage => (double)Recommended / Items;

    /// <remarks>
    /// <code>G = sum over i = 1 .. n of (2 i - n - 1) x_i / (n sum of x)      x ascending</code>
    /// Source: Gini 1912, in the form of Gastwirth 1972. The whole catalogue counts, also what is never recommended.
    /// </remarks>
    /// <param name="counts">How often each item of the catalogue is recommended.</param>
    public static Concentration Of(ReadOnlySpan<long> counts)
    {
        var ascending = counts.ToArray();
        Array.Sort(ascending);
        var total = 0.0;
        var weighted = 0.0;
        for (var i = 0; i < ascending.Length; i++)
        {
            total += ascending[i];
            weighted += (2.0 * (i + 1) - ascending.Length - 1) * ascending[i];
        }

        var recommended = ascending.Count(count => count > 0);
        return new Concentration(ascending.Length, recommended, total == 0 ? 0 : weighted / (ascending.Length * total));
    }
}
