using Pipeline.Scoring.Statistics;

namespace Pipeline.Scoring.Report;

/// <summary>What the numbers say, as plain sentences that follow from them by rule.</summary>
static class Findings
{
    public static IReadOnlyList<string> Of(Results results) =>
    [
        .. Dead(results),
        .. ComparisonFindings.Of(results),
        .. results.Towers.Select(tower => Gap(results, tower)),
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

    static string Gap(Results results, string tower)
    {
        var shares = Headline.Of(results.Dataset).Select(metric => (metric.Name, Share: results.Evaluation.ShareOfGap(tower, Titles.Popularity, Titles.Oracle, metric))).ToList();
        var told = shares.Where(one => !double.IsNaN(one.Share.Value) && !double.IsNaN(one.Share.Low)).Select(one => Way(one.Name, one.Share)).ToList();
        var untold = shares.Where(one => double.IsNaN(one.Share.Value) || double.IsNaN(one.Share.Low)).Select(one => one.Name).ToList();
        var start = "Of the way from popularity to the ceiling, ";
        return (told.Count > 0 ? $"{start}{Titles.Of(tower)} goes {Numbers.List(told)}." : "")
            + (untold.Count > 0 ? $"{(told.Count > 0 ? " By" : start + "nothing can be said by")} {Numbers.List(untold)}{(told.Count > 0 ? " the way is too short to say." : ": it is too short.")}" : "");
    }

    /// <summary>How far a tower has come by a metric, or how far it has fallen behind the start.</summary>
    internal static string Way(string metric, Interval share) => share.High < 0
        ? $"{Numbers.Percent(-share.Value)} in the wrong direction by {metric} ({Numbers.Percent(-share.High)} to {Numbers.Percent(-share.Low)})"
        : $"{Numbers.Percent(share.Value)} by {metric} ({Numbers.Percent(share.Low)} to {Numbers.Percent(share.High)}{(share.Low > 0 ? "" : ", perhaps none")})";

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
}
