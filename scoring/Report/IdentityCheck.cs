using System.Globalization;
using Pipeline.Scoring.Identities;
using Pipeline.Scoring.Metrics;

namespace Pipeline.Scoring.Report;

/// <summary>
/// Relations that any correct report obeys, because they hold for each user and survive taking means. A broken one means that some
/// number of the report is wrong.
/// </summary>
public static class IdentityCheck
{
    /// <summary>Sums and means of doubles agree far closer than this.</summary>
    const double Tolerance = 1e-9;

    static readonly IReadOnlyList<MetricName> Measured = [.. AllMetrics.List.Select(metric => new MetricName(metric.Id, metric.K))];

    static readonly IReadOnlyList<Identity> General = AllIdentities.Of(Measured, hasOneRelevantEach: false);

    static readonly IReadOnlyList<Identity> OfOneRelevant = AllIdentities.Of(Measured, hasOneRelevantEach: true);

    static readonly Identity LeastAverage = General.Single(identity => identity.Text.StartsWith("MAP@12 >= (", StringComparison.Ordinal));

    /// <summary>Checks the numbers of one list.</summary>
    /// <param name="of">The value of a metric by its name: "P@5".</param>
    /// <param name="hasOneRelevantEach">True if every counted user has exactly one relevant item.</param>
    /// <returns>The broken relations in words; empty if all hold.</returns>
    public static IReadOnlyList<string> Broken(Func<string, double> of, bool hasOneRelevantEach) => Broken(
        Measured.ToDictionary(metric => metric, metric => of($"{metric}")), hasOneRelevantEach ? OfOneRelevant : General);

    /// <summary>Checks hit rates of one moment of training.</summary>
    public static IReadOnlyList<string> Broken(IReadOnlyDictionary<MetricName, double> values) => Broken(values, AllIdentities.Of([.. values.Keys], hasOneRelevantEach: false));

    /// <summary>What MAP@12 cannot be below, by what precision, hit rate and reciprocal rank say of the same lists.</summary>
    internal static double LeastMeanAveragePrecision(Func<string, double> of) =>
        -LeastAverage.Terms.Where(term => term.Metric.Id != "MAP").Sum(term => term.Factor * of($"{term.Metric}"));

    static IReadOnlyList<string> Broken(IReadOnlyDictionary<MetricName, double> values, IReadOnlyList<Identity> identities) =>
    [
        .. Identity.Broken(identities, values.ToDictionary(pair => pair.Key, pair => RoundedValue.Exact(pair.Value)))
            .Select(breach => $"{breach.Identity.Text} fails by {Text(breach.By)}: "
                + string.Join(", ", breach.Identity.Terms.Select(term => $"{term.Metric} is {Text(values[term.Metric])}"))),
    ];

    /// <summary>Checks that no list is better than the oracle's, by any metric.</summary>
    public static IReadOnlyList<string> AboveCeiling(string list, Func<string, double> of, Func<string, double> ceiling) =>
        [.. AllMetrics.List.Where(metric => of(metric.Name) > ceiling(metric.Name) + Tolerance)
            .Select(metric => $"{metric.Name} of {list} is {Text(of(metric.Name))}, above the oracle's {Text(ceiling(metric.Name))}")];

    /// <summary>
    /// Checks a list's numbers by all relevant items against those by the catalogue's: the hits are the same, only there is more to be found,
    /// and there are more users, of whom the new ones have no hit.
    /// </summary>
    /// <param name="catalogue">By metric's name: sum over users, by the catalogue's items.</param>
    /// <param name="all">As catalogue, by all items.</param>
    public static IReadOnlyList<string> BrokenByAll(Func<string, double> catalogue, Func<string, double> all)
    {
        List<string> failures = [];
        foreach (var metric in AllMetrics.List)
        {
            var (part, whole) = (catalogue(metric.Name), all(metric.Name));
            var slack = Tolerance * Math.Max(1, part);
            // Only these three divide by how many items are relevant; at k = 1 NDCG and MAP do not either.
            var mayFall = metric is Recall || (metric is Ndcg or MeanAveragePrecision && metric.K > 1);
            if (whole > part + slack || (!mayFall && whole < part - slack))
            {
                failures.Add($"{metric.Name} summed over users is {Text(whole)} by all items and must {(mayFall ? "not exceed" : "equal")} {Text(part)}, that by the catalogue's");
            }
        }

        return failures;
    }

    static string Text(double value) => value.ToString("0.#########", CultureInfo.InvariantCulture);
}
