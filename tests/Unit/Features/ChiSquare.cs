namespace Pipeline.Unit.Features;

/// <summary>Pearson's statistic: how far counts lie from what their chances would give.</summary>
static class ChiSquare
{
    /// <param name="counts">Of every cell.</param>
    /// <param name="weights">Of every cell: numbers above 0, in proportion to its chance. The statistic has one degree of freedom less than there are cells.</param>
    public static double Of(IReadOnlyList<long> counts, IReadOnlyList<double> weights)
    {
        var scale = counts.Sum() / weights.Sum();
        return counts.Zip(weights, (count, weight) => (count - (scale * weight)) * (count - (scale * weight)) / (scale * weight)).Sum();
    }

    /// <param name="counts">Of every cell.</param>
    /// <param name="weights">Of every cell: numbers in proportion to its chance.</param>
    public static double Of(IReadOnlyList<long> counts, IReadOnlyList<long> weights) => Of(counts, [.. weights.Select(weight => (double)weight)]);

    /// <param name="counts">Of the cells that were hit at all.</param>
    /// <param name="cells">All cells. The statistic has one degree of freedom less.</param>
    public static double OfUniform(IEnumerable<int> counts, int cells)
    {
        int[] hit = [.. counts];
        var expected = (double)hit.Sum() / cells;
        return hit.Sum(count => (count - expected) * (count - expected) / expected) + ((cells - hit.Length) * expected);
    }

    /// <summary>0.999 quantile (Wilson and Hilferty 1931): f (1 - 2 / 9f + 3.090 sqrt(2 / 9f))^3.</summary>
    public static double Quantile999(int degreesOfFreedom)
    {
        var part = 2.0 / (9 * degreesOfFreedom);
        return degreesOfFreedom * Math.Pow(1 - part + (3.090 * Math.Sqrt(part)), 3);
    }
}
