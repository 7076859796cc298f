namespace Pipeline.Scoring.Identities;

/// <summary>A number of which only its rounding is known.</summary>
/// <param name="Value">As it is printed.</param>
/// <param name="HalfWidth">How far the number itself may lie from it, at most; above 0.</param>
public readonly record struct RoundedValue(double Value, double HalfWidth)
{
    /// <summary>Means of thousands of doubles agree far closer than this, and no real difference is so small: one user of 10^6 adds 10^-6.</summary>
    const double Arithmetic = 1e-9;

    public double Low => Value - HalfWidth;

    public double High => Value + HalfWidth;

    /// <summary>A number that was not rounded.</summary>
    public static RoundedValue Exact(double value) => new(value, Arithmetic);

    /// <summary>A number printed with so many places after the point: half of the last place may be lost.</summary>
    public static RoundedValue Printed(double value, int decimals) => new(value, Math.Max(0.5 * Math.Pow(10, -decimals), Arithmetic));
}
