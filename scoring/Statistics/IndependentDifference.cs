namespace Pipeline.Scoring.Statistics;

/// <summary>The difference of two numbers that were measured apart, of which only the intervals are known.</summary>
/// <remarks>
/// <code>
/// low  = d - sqrt((a - a.low)^2 + (b.high - b)^2)      d = a - b
/// high = d + sqrt((a.high - a)^2 + (b - b.low)^2)
/// </code>
/// p is that of a normal with the half of the interval on the side of 0 as 1.96 standard errors. Each half keeps its own length, so that a
/// skewed interval stays skewed. Source: Zou and Donner 2008, "Construction of confidence limits about effect measures", Statistics in Medicine 27.
/// </remarks>
public static class IndependentDifference
{
    const double Quantile = 1.959964;

    public static (Interval Difference, double P) Of(Interval a, Interval b)
    {
        var value = a.Value - b.Value;
        var below = double.Hypot(a.Value - a.Low, b.High - b.Value);
        var above = double.Hypot(a.High - a.Value, b.Value - b.Low);
        var half = value > 0 ? below : above;
        var p = value == 0 ? 1 : half > 0 ? TwoSided(Math.Abs(value) / half * Quantile) : 0;
        return (new Interval(value, value - below, value + above), p);
    }

    /// <summary>The chance that a standard normal lies at least so far from 0, to within 2e-7.</summary>
    /// <remarks>Source: Abramowitz and Stegun 1964, 7.1.26.</remarks>
    static double TwoSided(double z)
    {
        var x = z / Math.Sqrt(2);
        var t = 1 / (1 + 0.3275911 * x);
        return t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * Math.Exp(-x * x);
    }
}
