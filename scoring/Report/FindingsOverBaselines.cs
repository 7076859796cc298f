namespace Pipeline.Scoring.Report;

/// <summary>What a tower adds over the lists that need no model, in words.</summary>
static class FindingsOverBaselines
{
    public static IEnumerable<string> Of(Results results)
    {
        foreach (var tower in results.Towers)
        {
            yield return Adds(results, $"Over popularity, {Titles.Of(tower)} adds ", Tests(results, tower, _ => Titles.Popularity), namesOther: false);
            if (Headline.Of(results.Dataset).Any(metric => Strongest(results, metric.Name) != Titles.Popularity))
            {
                yield return Adds(
                    results, $"Over the strongest baseline of each metric, {Titles.Of(tower)} adds ", Tests(results, tower, metric => Strongest(results, metric)), namesOther: true);
            }
        }

        foreach (var list in results.SameAsPopularity)
        {
            yield return $"{Titles.Of(list)} is popularity here: no test user's list differs between the two.";
        }
    }

    /// <summary>The baseline with the highest value but for the oracle, which knows the answer; of equals the one that a report has first.</summary>
    internal static string Strongest(Results results, string metric) => results.Baselines.Select(baseline => baseline.Id).Where(baseline => baseline != Titles.Oracle)
        .MaxBy(baseline => results.Row(baseline, metric).Interval.Value)!;

    static List<PairedTest> Tests(Results results, string tower, Func<string, string> other) =>
    [
        .. Headline.Of(results.Dataset).Select(metric => results.Evaluation.Tests.Single(test => test.Comparison == new Comparison(tower, other(metric.Name), metric))),
    ];

    static string Adds(Results results, string start, List<PairedTest> tests, bool namesOther)
    {
        var decimals = PrintedTables.Decimals(results.Dataset);
        var parts = tests.Select(test =>
            $"{Numbers.Signed(test.Difference.Value, decimals)} {test.Comparison.Metric.Name} ({Numbers.Signed(test.Difference.Low, decimals)} to "
            + $"{Numbers.Signed(test.Difference.High, decimals)}{(namesOther ? ", " + Titles.Within(test.Comparison.Other) : "")})").ToList();
        string[] verdicts =
        [
            .. Verdict(tests, 1, "is ahead by"), .. Verdict(tests, -1, "is behind by"), .. Verdict(tests, 0, "is not told apart by"),
        ];
        return $"{start}{Numbers.List(parts)}. After Holm's correction it {Numbers.List(verdicts)}.";
    }

    static IEnumerable<string> Verdict(List<PairedTest> tests, int verdict, string words)
    {
        var names = tests.Where(test => test.Verdict == verdict).Select(test => test.Comparison.Metric.Name).ToList();
        if (names.Count > 0)
        {
            yield return names.Count == tests.Count && tests.Count > 1 ? $"{words} all of them" : $"{words} {Numbers.List(names)}";
        }
    }
}
