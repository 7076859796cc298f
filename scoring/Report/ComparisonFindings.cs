using Pipeline.Scoring.Baselines;

namespace Pipeline.Scoring.Report;

/// <summary>What a tower adds to other lists, or takes away, in words.</summary>
static class ComparisonFindings
{
    public static IEnumerable<string> Of(Results results)
    {
        foreach (var tower in results.Towers)
        {
            yield return Sentence(results, $"Against popularity, {Titles.Of(tower)} ", Tests(results, tower, _ => Titles.Popularity), namesOther: false);
            var stronger = Tests(results, tower, metric => Strongest(results.Evaluation, results.Baselines, metric)).Where(test => test.Comparison.Other != Titles.Popularity).ToList();
            if (stronger.Count > 0)
            {
                yield return Sentence(results, $"Where another baseline is stronger, {Titles.Of(tower)} ", stronger, namesOther: true);
            }
        }

        foreach (var pair in results.Evaluation.Tests.Where(test => results.Towers.Contains(test.Comparison.Other)).GroupBy(test => (test.Comparison.List, test.Comparison.Other)))
        {
            yield return Sentence(results, $"Against {Titles.Of(pair.Key.Other)}, {Titles.Of(pair.Key.List)} ", [.. pair], namesOther: false);
        }

        foreach (var list in results.SameAsPopularity)
        {
            yield return $"{Titles.Of(list)} is popularity here: no test user's list differs between the two.";
        }
    }

    /// <summary>The baseline with the highest value but for the oracle, which knows the answer; of equals the one that a report has first.</summary>
    internal static string Strongest(Evaluation evaluation, IReadOnlyList<IBaseline> baselines, string metric) => baselines.Select(baseline => baseline.Id)
        .Where(baseline => baseline != Titles.Oracle).MaxBy(baseline => evaluation.Row(baseline, metric).Interval.Value)!;

    static List<PairedTest> Tests(Results results, string tower, Func<string, string> other) =>
    [
        .. Headline.Of(results.Dataset).Select(metric => results.Evaluation.Tests.Single(test => test.Comparison == new Comparison(tower, other(metric.Name), metric))),
    ];

    /// <summary>"... raises P@5 by 0.012 (0.004 to 0.020); it lowers HR@1 by 0.080 (0.060 to 0.100); it is not told apart by P@10 (+0.001, -0.010 to +0.012)."</summary>
    internal static string Sentence(Results results, string start, IReadOnlyList<PairedTest> tests, bool namesOther)
    {
        var decimals = PrintedTables.Decimals(results.Dataset);
        List<string> clauses = [];
        foreach (var (verdict, words) in new[] { (1, "raises"), (-1, "lowers"), (0, "is not told apart by") })
        {
            var parts = tests.Where(test => test.Verdict == verdict).Select(test => Part(test, decimals, namesOther ? ", " + Titles.Within(test.Comparison.Other) : "")).ToList();
            if (parts.Count > 0)
            {
                clauses.Add($"{words} {Numbers.List(parts)}");
            }
        }

        return $"{start}{string.Join("; it ", clauses)}.";
    }

    /// <summary>An amount for a verdict, which says the direction; a signed difference where there is none.</summary>
    static string Part(PairedTest test, int decimals, string other)
    {
        var (value, low, high) = (test.Difference.Value, test.Difference.Low, test.Difference.High);
        var name = test.Comparison.Metric.Name;
        return test.Verdict switch
        {
            0 => $"{name} ({Numbers.Signed(value, decimals)}, {Numbers.Signed(low, decimals)} to {Numbers.Signed(high, decimals)}{other})",
            > 0 => $"{name} by {Numbers.Amount(value, decimals)} ({Numbers.Fixed(low, decimals)} to {Numbers.Fixed(high, decimals)}{other})",
            _ => $"{name} by {Numbers.Amount(-value, decimals)} ({Numbers.Fixed(-high, decimals)} to {Numbers.Fixed(-low, decimals)}{other})",
        };
    }
}
