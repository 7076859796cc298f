using System.Globalization;

namespace Pipeline.Scoring.Report;

/// <summary>One axis of a chart: from values to pixels, and where its ticks are.</summary>
sealed class Axis
{
    readonly double start, end, low, high;

    Axis(double start, double end, double low, double high, double step)
    {
        (this.start, this.end, this.low, this.high) = (start, end, low, high);
        Ticks = [.. Enumerable.Range(0, (int)Math.Round((high - low) / step) + 1).Select(i => low + i * step)];
        decimals = Math.Max(0, (int)-Math.Floor(Math.Log10(step) + 1e-9));
    }

    readonly int decimals;

    public IReadOnlyList<double> Ticks { get; }

    /// <summary>An axis over round numbers that holds all values. Steps are 1, 2 or 5 times a power of ten.</summary>
    /// <param name="start">Pixel of the lowest value.</param>
    /// <param name="end">Pixel of the highest; may be less than the start, as on an axis that points up.</param>
    /// <param name="atMost">As many steps at most.</param>
    public static Axis Over(IEnumerable<double> values, double start, double end, int atMost = 5)
    {
        var (low, high) = (double.MaxValue, double.MinValue);
        foreach (var value in values)
        {
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        if (low > high)
        {
            (low, high) = (0, 1);
        }
        else if (low == high)
        {
            (low, high) = (low - 0.5, high + 0.5);
        }

        var step = Math.Pow(10, Math.Floor(Math.Log10((high - low) / atMost)));
        // 1e-9: a range that is a whole number of steps but for rounding takes no further step.
        var factor = new[] { 1.0, 2, 5, 10, 20 }.First(factor =>
            Math.Ceiling(high / (step * factor) - 1e-9) - Math.Floor(low / (step * factor) + 1e-9) <= atMost);
        step *= factor;
        return new Axis(start, end, Math.Floor(low / step + 1e-9) * step, Math.Ceiling(high / step - 1e-9) * step, step);
    }

    /// <summary>An axis of places, 0 .. <paramref name="count"/> - 1, with half a step on either side.</summary>
    public static Axis OfPlaces(int count, double start, double end) => new(start, end, -0.5, Math.Max(count, 1) - 0.5, 1);

    public double At(double value) => start + (value - low) / (high - low) * (end - start);

    public string Label(double tick)
    {
        // Adding 0 turns -0 into 0.
        var rounded = Math.Round(tick, decimals) + 0.0;
        return rounded.ToString((Math.Abs(rounded) >= 1000 ? "N" : "F") + decimals, CultureInfo.InvariantCulture);
    }
}
