namespace Pipeline.Unit.Features;

/// <summary>Pearson's statistic: how far counts lie from what chances would give.</summary>
static class ChiSquare
{
    /// <param name="counts">Of the cells that were hit at all.</param>
    /// <param name="cells">All cells. The statistic has one degree of freedom less.</param>
    public static double OfUniform(IEnumerable<int> counts, int cells)
    {
        int[] hit = [.. counts];
        return Of([.. hit, .. new int[cells - hit.Length]], Enumerable.Repeat(1.0 / cells, cells));
    }

    /// <param name="counts">Of all cells.</param>
    /// <param name="chances">Of all cells, each above 0; they sum to 1. The statistic has one degree of freedom less than there are cells.</param>
    public static double Of(IEnumerable<int> counts, IEnumerable<double> chances)
    {
        int[] all = [.. counts];
        var draws = all.Sum();
        return all.Zip(chances, (count, chance) => (count - (draws * chance)) * (count - (draws * chance)) / (draws * chance)).Sum();
    }

    /// <summary>0.999 quantile (Wilson and Hilferty 1931): f (1 - 2 / 9f + 3.090 sqrt(2 / 9f))^3.</summary>
    public static double Quantile999(int degreesOfFreedom)
    {
        var part = 2.0 / (9 * degreesOfFreedom);
        return degreesOfFreedom * Math.Pow(1 - part + (3.090 * Math.Sqrt(part)), 3);
    }
}
