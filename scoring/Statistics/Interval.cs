namespace Pipeline.Scoring.Statistics;

/// <summary>A number and its 95 % interval.</summary>
/// <param name="Value">From the data as they are.</param>
/// <param name="Low">2.5 % of the resamples lie below.</param>
/// <param name="High">2.5 % of the resamples lie above.</param>
public readonly record struct Interval(double Value, double Low, double High)
{
    public bool Contains(double value) => value >= Low && value <= High;
}
