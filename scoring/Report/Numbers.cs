using System.Globalization;
using Pipeline.Scoring.Statistics;

namespace Pipeline.Scoring.Report;

/// <summary>How a report writes numbers: the same in every country.</summary>
static class Numbers
{
    /// <param name="decimals">Places after the point.</param>
    public static string Fixed(double value, int decimals) =>
        double.IsNaN(value) ? "none" : Signless(Math.Round(value, decimals, MidpointRounding.AwayFromZero)).ToString("F" + decimals, CultureInfo.InvariantCulture);

    public static string Signed(double value, int decimals)
    {
        var text = Fixed(value, decimals);
        return value > 0 && text.AsSpan().ContainsAnyInRange('1', '9') ? "+" + text : text;
    }

    /// <summary>How much of something above 0: "0.080"; one too small to be seen as "less than 0.001".</summary>
    public static string Amount(double value, int decimals)
    {
        var text = Fixed(value, decimals);
        return value > 0 && !text.AsSpan().ContainsAnyInRange('1', '9') ? "less than " + Fixed(Math.Pow(10, -decimals), decimals) : text;
    }

    /// <summary>"94.1 %", which no line break parts.</summary>
    public static string Percent(double share, int decimals = 1) => Fixed(share * 100, decimals) + "\u00a0%";

    /// <summary>A p-value: "0.0001", "0.032", "0.61"; a smaller one as below 0.0001.</summary>
    public static string P(double p) => p < 0.00005 ? "< 0.0001" : Fixed(p, p < 0.01 ? 4 : p < 0.1 ? 3 : 2);

    /// <summary>"12,345".</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>"0.941 to 0.955".</summary>
    public static string Range(Interval interval, int decimals) => $"{Fixed(interval.Low, decimals)} to {Fixed(interval.High, decimals)}";

    /// <summary>"a", "a and b", "a, b and c".</summary>
    public static string List(IReadOnlyList<string> words) =>
        words.Count < 2 ? string.Concat(words) : string.Join(", ", words.Take(words.Count - 1)) + " and " + words[^1];

    /// <summary>"1 user", "2 users".</summary>
    public static string Of(long count, string one) => Count(count) + " " + one + (count == 1 ? "" : "s");

    /// <summary>No "-0.000".</summary>
    static double Signless(double value) => value == 0 ? 0 : value;
}
