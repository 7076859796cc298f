using Pipeline.Scoring.Metrics;
using Pipeline.Scoring.Statistics;

namespace Pipeline.Scoring.Report;

/// <summary>What the numbers say, as plain sentences that follow from them by rule.</summary>
static class Findings
{
    /// <summary>The metrics that the towers are judged by.</summary>
    static readonly IReadOnlyList<IMetric> Headline = [.. AllMetrics.List.Where(metric => metric.Name is "P@5" or "P@10" or "R@10" or "HR@1")];

    public static IReadOnlyList<string> Of(Results results) =>
    [
        .. Dead(results),
        .. results.Towers is [var first, var second, ..] ? Headline.Select(metric => Difference(results, first, second, metric)) : [],
        .. Headline.Select(metric => Gap(results, metric)),
        .. results.Towers.Select(tower => Printed(results, tower)).OfType<string>(),
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

    static string Difference(Results results, string first, string second, IMetric metric)
    {
        var (a, b) = (Titles.Of(first), Titles.Of(second));
        var difference = results.Evaluation.Difference(first, second, metric);
        var decimals = PrintedTables.Decimals(results.Dataset);
        var verdict = difference.Low > 0 ? $"{a} is ahead"
            : difference.High < 0 ? $"{b} is ahead"
            : "these runs do not tell the two apart";
        return $"{metric.Name}: {a} has {Value(results, first, metric)}, {b} {Value(results, second, metric)}. The difference for the same users is "
            + $"{Numbers.Signed(difference.Value, decimals)} ({Numbers.Signed(difference.Low, decimals)} to {Numbers.Signed(difference.High, decimals)}): {verdict}.";
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
            + (results.IsSynthetic ? " Ours comes from generated data, so it cannot confirm or refute the paper." : "");
    }

    /// <summary>Where a printed value lies: "inside", "above" or "below" our interval.</summary>
    public static string Place(Interval ours, double printed) => ours.Contains(printed) ? "inside" : printed > ours.High ? "above" : "below";

    static string Value(Results results, string list, IMetric metric) =>
        Numbers.Fixed(results.Row(list, metric.Name).Interval.Value, PrintedTables.Decimals(results.Dataset));
}
