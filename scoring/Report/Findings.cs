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
                yield return results.Seeds == 1
                    ? $"The only run of {Titles.Of(tower)} died: {seeds}. It is part of every number here."
                    : $"{dead.Count} of {results.Seeds} runs of {Titles.Of(tower)} died: {seeds}. {(dead.Count == 1 ? "It is" : "They are")} part of every number here.";
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
            return double.IsNaN(share.Value) || double.IsNaN(share.Low) ? null : $"{Titles.Of(tower)} {Way(share)}";
        }).OfType<string>().ToList();
        return shares.Count == 0
            ? $"{metric.Name}: popularity has {floor} and the ceiling is {ceiling}, too small a gap to say how much of it is closed."
            : $"{metric.Name}: of the way from popularity ({floor}) to the ceiling ({ceiling}), {Numbers.List(shares)}.";
    }

    /// <summary>How far a tower has come, or how far it has fallen behind the start.</summary>
    internal static string Way(Interval share) => share.High < 0
        ? $"goes {Numbers.Percent(-share.Value)} in the wrong direction ({Numbers.Percent(-share.High)} to {Numbers.Percent(-share.Low)})"
        : $"goes {Numbers.Percent(share.Value)} ({Numbers.Percent(share.Low)} to {Numbers.Percent(share.High)})" + (share.Low > 0 ? "" : ", which may be nothing");

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
        return $"Of the {printed.Count} values that the paper prints for {Titles.Of(tower)}, {Places(places)}. The farthest is {far}: printed "
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

    /// <summary>"3 lie inside our interval, 1 lies above it and none lies below it".</summary>
    /// <param name="places">As <see cref="Place"/> says them.</param>
    public static string Places(IReadOnlyCollection<string> places)
    {
        string Lie(string place) => places.Count(one => one == place) is var count && count == 0 ? "none lies" : count == 1 ? "1 lies" : $"{count} lie";
        return $"{Lie("inside")} inside our interval, {Lie("above")} above it and {Lie("below")} below it";
    }

    static string Value(Results results, string list, IMetric metric) =>
        Numbers.Fixed(results.Row(list, metric.Name).Interval.Value, PrintedTables.Decimals(results.Dataset));
}
