namespace Pipeline.Features;

/// <summary>What a column of numbers is scaled by.</summary>
static class Moments
{
    /// <summary>Mean and standard deviation (of the population); 0 and 0 for no numbers.</summary>
    public static (double Mean, double Deviation) Of(ReadOnlySpan<int> values)
    {
        var (sum, squares) = (0L, 0L);
        foreach (var value in values)
        {
            sum += value;
            squares += (long)value * value;
        }

        var mean = values.IsEmpty ? 0 : (double)sum / values.Length;
        return (mean, values.IsEmpty ? 0 : Math.Sqrt(Math.Max(0, ((double)squares / values.Length) - (mean * mean))));
    }
}
