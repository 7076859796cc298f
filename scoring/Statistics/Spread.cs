namespace Pipeline.Scoring.Statistics;

/// <summary>How far the seeds lie apart.</summary>
public static class Spread
{
    /// <returns>The sample's standard deviation (divides by n - 1); null for fewer than two values.</returns>
    public static double? Of(IReadOnlyList<double> values)
    {
        if (values.Count < 2)
        {
            return null;
        }

        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
    }
}
