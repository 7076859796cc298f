using Pipeline.Scoring.Metrics;
using Pipeline.Scoring.Statistics;

namespace Pipeline.Scoring.Report;

/// <summary>What the numbers say, as plain sentences that follow from them by rule.</summary>
static class Findings
{
    public static IReadOnlyList<string> Of(Results results) =>
    [
        .. Dead(results),
        .. FindingsOverBaselines.Of(results),
        .. results.Evaluation.Tests.Where(test => results.Towers.Contains(test.Comparison.Other)).Select(test => Difference(results, test)),
        .. Headline.Of(results.Dataset).Select(metric => Gap(results, metric)),
        .. results.Towers.Select(tower => Printed(results, tower)).OfType<string>(),
        .. results.Towers.Select(tower => Contradiction(results.Dataset, tower)).OfType<string>(),
    ];

    static IEnumerable<string> Dead(Results results)
    {
        foreach (var tower in results.Towers)
        {
            var dead = results.DeadRuns.Where(run => run.List == tower).ToList();
            if (dead.Count > 0)
            {
                var seeds = Numbers.List([.. dead.Select(run => $"seed {run.Seed} ({run.Cause})")]);
                yield return $"{dead.Count} of {Numbers.Of(results.Seeds, "run")} of {Titles.Of(tower)} died: {seeds}. They are part of every number here.";
            }
        }
    }

    static string Difference(Results results, PairedTest test)
    {
        var (first, second, metric) = test.Comparison;
        var (a, b) = (Titles.Of(first), Titles.Of(second));
        var decimals = PrintedTables.Decimals(results.Dataset);
        var verdict = test.Verdict > 0 ? $"{a} is ahead" : test.Verdict < 0 ? $"{b} is ahead" : "these runs do not tell the two apart";
        return $"{metric.Name}: {a} has {Value(results, first, metric)}, {b} {Value(results, second, metric)}. The difference for the same users is "
            + $"{Numbers.Signed(test.Difference.Value, decimals)} ({Numbers.Signed(test.Difference.Low, decimals)} to {Numbers.Signed(test.Difference.High, decimals)}; "
            + $"p after Holm's correction {Numbers.P(test.PHolm)}): {verdict}.";
    }

    static string Gap(Results results, IMetric metric)
    {
        var floor = Value(results, Titles.Popularity, metric);
        var ceiling = Value(results, Titles.Oracle, metric);
        var shares = results.Towers.Select(tower =>
        {
            var share = results.Evaluation.ShareOfGap(tower, Titles.Popularity, Titles.Oracle, metric);
            return double.IsNaN(share.Value) || double.IsNaN(share.Low)
                ? null
                : $"{Titles.Of(tower)} {(share.Value < 0 ? "goes back" : "goes")} {Numbers.Percent(Math.Abs(share.Value))} "
                    + $"({Numbers.Percent(share.Low)} to {Numbers.Percent(share.High)})";
        }).OfType<string>().ToList();
        return shares.Count == 0
            ? $"{metric.Name}: popularity has {floor} and the ceiling is {ceiling}, so that there is no gap to close."
            : $"{metric.Name}: of the way from popularity ({floor}) to the ceiling ({ceiling}), {Numbers.List(shares)}.";
    }

    static string? Printed(Results results, string tower)
    {
        var printed = PrintedTables.Of(results.Dataset, tower);
        if (printed.Count == 0)
        {
            return null;
        }

        var places = printed.Select(row => Place(results.Row(tower, row.Metric).Interval, row.Value)).ToList();
        var (far, paper) = printed.MaxBy(row => Math.Abs(results.Row(tower, row.Metric).Interval.Value - row.Value));
        var decimals = PrintedTables.Decimals(results.Dataset);
        var ours = results.Row(tower, far).Interval.Value;
        return $"Of the {printed.Count} values that the paper prints for {Titles.Of(tower)}, {places.Count(place => place == "inside")} lie inside our interval, "
            + $"{places.Count(place => place == "above")} above and {places.Count(place => place == "below")} below it. The farthest is {far}: printed "
            + $"{Numbers.Fixed(paper, decimals)}, ours {Numbers.Fixed(ours, decimals)} ({Numbers.Signed(ours - paper, decimals)})."
            + (results.Label is { } label ? $" Ours is of this data: {label}." : "")
            + (results.IsSynthetic ? " Ours comes from generated data, so it cannot confirm or refute the paper." : "");
    }

    /// <summary>A printed MAP@12 that no lists can have which have the other printed values.</summary>
    static string? Contradiction(string dataset, string tower)
    {
        if (PrintedTables.Find(dataset, tower, "MAP@12") is not { } printed)
        {
            return null;
        }

        var least = IdentityCheck.LeastMeanAveragePrecision(metric => PrintedTables.Find(dataset, tower, metric) ?? double.NaN);
        var decimals = PrintedTables.Decimals(dataset);
        return printed >= least ? null
            : $"The paper's MAP@12 of {Titles.Of(tower)}, {Numbers.Fixed(printed, decimals)}, contradicts its own row: lists with the precision, hit rate and reciprocal rank "
                + $"printed there have at least {Numbers.Fixed(least, decimals)}, however many items are relevant. Ours cannot be held against it.";
    }

    /// <summary>Where a printed value lies: "inside", "above" or "below" our interval.</summary>
    public static string Place(Interval ours, double printed) => ours.Contains(printed) ? "inside" : printed > ours.High ? "above" : "below";

    static string Value(Results results, string list, IMetric metric) =>
        Numbers.Fixed(results.Row(list, metric.Name).Interval.Value, PrintedTables.Decimals(results.Dataset));
}
