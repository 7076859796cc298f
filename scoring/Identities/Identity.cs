namespace Pipeline.Scoring.Identities;

/// <summary>A relation that holds for every user's metrics and, being linear, for their means over users and seeds.</summary>
/// <remarks><code>constant + sum of factor x metric is at least 0</code></remarks>
/// <param name="Text">For people: "HR@5 >= R@5". What makes up one relation, such as the two sides of an interval, has the same text.</param>
/// <param name="Terms">Each metric once.</param>
public sealed record Identity(string Text, double Constant, IReadOnlyList<(MetricName Metric, double Factor)> Terms)
{
    /// <summary>Sums of a few products of numbers around 1 are off by less.</summary>
    const double Arithmetic = 1e-12;

    /// <summary>What must be so for it to hold, of which the metrics tell nothing: how one of them is defined. Null where nothing.</summary>
    public string? Supposing { get; init; }

    /// <summary>How far the relation is broken by those values, within their rounding, that break it least; 0 if some values obey it.</summary>
    public double Shortfall(IReadOnlyDictionary<MetricName, RoundedValue> values)
    {
        var most = Constant;
        foreach (var (metric, factor) in Terms)
        {
            var value = values[metric];
            most += factor * (factor > 0 ? value.High : value.Low);
        }

        return most >= -Arithmetic ? 0 : -most;
    }

    /// <summary>The relations that no numbers obey whose roundings these values are; the farthest of those with one text.</summary>
    public static IReadOnlyList<Breach> Broken(IReadOnlyList<Identity> identities, IReadOnlyDictionary<MetricName, RoundedValue> values) =>
        [.. identities.Select(identity => new Breach(identity, identity.Shortfall(values)))
            // A value that is no number obeys nothing.
            .Where(breach => breach.By is not 0)
            .GroupBy(breach => breach.Identity.Text, StringComparer.Ordinal)
            .Select(same => same.MaxBy(breach => breach.By)!)];
}

/// <summary>A relation that is broken.</summary>
/// <param name="By">How much its two sides lack, when rounding is given every benefit. Not a number if some value is not.</param>
public sealed record Breach(Identity Identity, double By);
