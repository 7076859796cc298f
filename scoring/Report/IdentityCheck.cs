using System.Globalization;
using Pipeline.Scoring.Metrics;

namespace Pipeline.Scoring.Report;

/// <summary>
/// Relations that any correct report obeys, because they hold for each user and survive taking means. A broken one means that some
/// number of the report is wrong.
/// </summary>
public static class IdentityCheck
{
    /// <summary>Means of thousands of doubles agree far closer than this, and no real difference is so small: one user of 10^6 adds 10^-6.</summary>
    const double Tolerance = 1e-9;

    static readonly int[] Cutoffs = [1, 5, 10];

    /// <summary>Checks the numbers of one list.</summary>
    /// <param name="of">The value of a metric by its name: "P@5".</param>
    /// <param name="hasOneRelevantEach">True if every counted user has exactly one relevant item.</param>
    /// <returns>The broken relations in words; empty if all hold.</returns>
    public static IReadOnlyList<string> Broken(Func<string, double> of, bool hasOneRelevantEach)
    {
        var check = new Checker(of);
        check.Same("HR@1", "P@1");
        check.Same("MRR@1", "P@1");
        check.Same("NDCG@1", "P@1");

        // A first hit at ranks 2 .. 5 adds between 1/5 and 1/2 to the reciprocal rank; one at 6 .. 10 between 1/10 and 1/6.
        check.Within("MRR@5 - MRR@1", of("MRR@5") - of("MRR@1"), (of("HR@5") - of("HR@1")) / 5, (of("HR@5") - of("HR@1")) / 2);
        check.Within("MRR@10 - MRR@5", of("MRR@10") - of("MRR@5"), (of("HR@10") - of("HR@5")) / 10, (of("HR@10") - of("HR@5")) / 6);

        for (var i = 0; i < Cutoffs.Length; i++)
        {
            var k = Cutoffs[i];
            check.AtMost($"R@{k}", $"HR@{k}");
            check.AtMost($"P@{k}", $"HR@{k}");
            check.Within($"MRR@{k}", of($"MRR@{k}"), of($"HR@{k}") / k, of($"HR@{k}"));
            if (i > 0)
            {
                var before = Cutoffs[i - 1];
                check.AtMost($"R@{before}", $"R@{k}");
                check.AtMost($"MRR@{before}", $"MRR@{k}");
                check.AtMost($"HR@{before}", $"HR@{k}");
                check.Within($"{k} P@{k}", k * of($"P@{k}"), before * of($"P@{before}"), k);
            }

            if (hasOneRelevantEach)
            {
                check.Same($"R@{k}", $"HR@{k}");
                check.Within($"{k} P@{k}", k * of($"P@{k}"), of($"HR@{k}"), of($"HR@{k}"));
                var (low, high) = NdcgOfOneRelevant(of($"HR@{k}"), of($"MRR@{k}"), k);
                check.Within($"NDCG@{k}", of($"NDCG@{k}"), low, high);
            }
        }

        check.Within("MAP@12", of("MAP@12"), LeastMeanAveragePrecision(of), 1);
        foreach (var metric in AllMetrics.List)
        {
            check.Within(metric.Name, of(metric.Name), 0, 1);
        }

        return check.Failures;
    }

    /// <summary>
    /// What MAP@12 cannot be below, by what precision, hit rate and reciprocal rank say of the same lists. A user's first hit is worth its
    /// reciprocal rank; a later one among the first five finds at least two hits in five places, one at 6 to 10 two in ten; and the sum is
    /// divided by 12 at most.
    /// </summary>
    internal static double LeastMeanAveragePrecision(Func<string, double> of)
    {
        var laterInFive = (5 * of("P@5")) - of("HR@5");
        var laterInTen = (10 * of("P@10")) - of("HR@10");
        return (of("MRR@10") + (laterInFive * 2 / 5) + ((laterInTen - laterInFive) * 2 / 10)) / 12;
    }

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

    /// <summary>
    /// With one relevant item per user, a hit at rank r is worth 1/r to MRR and 1/log2(r + 1) to NDCG. So the mean NDCG lies in the
    /// convex hull of those points, at the mean reciprocal rank of the hits.
    /// </summary>
    internal static (double Low, double High) NdcgOfOneRelevant(double hitRate, double reciprocalRank, int k)
    {
        if (hitRate <= 0)
        {
            return (0, 0);
        }

        var at = reciprocalRank / hitRate;
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var a = 1; a <= k; a++)
        {
            for (var b = a; b <= k; b++)
            {
                // Ranks a and b mixed so that the mean reciprocal rank is what it is.
                if (at > 1.0 / a + Tolerance || at < 1.0 / b - Tolerance)
                {
                    continue;
                }

                var share = a == b ? 1 : (at - 1.0 / b) / (1.0 / a - 1.0 / b);
                var gain = share / Math.Log2(a + 1) + (1 - share) / Math.Log2(b + 1);
                (low, high) = (Math.Min(low, gain), Math.Max(high, gain));
            }
        }

        return (hitRate * low, hitRate * high);
    }

    static string Text(double value) => value.ToString("0.#########", CultureInfo.InvariantCulture);

    sealed class Checker(Func<string, double> of)
    {
        public List<string> Failures { get; } = [];

        public void Same(string a, string b) => Expect(Math.Abs(of(a) - of(b)) <= Tolerance, $"{a} is {Text(of(a))} and must equal {b}, {Text(of(b))}");

        public void AtMost(string a, string b) => Expect(of(a) <= of(b) + Tolerance, $"{a} is {Text(of(a))} and must not exceed {b}, {Text(of(b))}");

        public void Within(string name, double value, double low, double high) => Expect(
            value >= low - Tolerance && value <= high + Tolerance,
            $"{name} is {Text(value)} and must lie within {Text(low)} .. {Text(high)}");

        void Expect(bool holds, string failure)
        {
            if (!holds)
            {
                Failures.Add(failure);
            }
        }
    }
}
