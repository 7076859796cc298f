namespace Pipeline.Unit.Features;

/// <summary>Pearson's statistic: how far counts lie from what equal chances would give.</summary>
static class ChiSquare
{
    /// <param name="counts">Of the cells that were hit at all.</param>
    /// <param name="cells">All cells. The statistic has one degree of freedom less.</param>
    public static double OfUniform(IEnumerable<int> counts, int cells)
    {
        int[] hit = [.. counts];
        var expected = (double)hit.Sum() / cells;
        return hit.Sum(count => (count - expected) * (count - expected) / expected) + ((cells - hit.Length) * expected);
    }
}
