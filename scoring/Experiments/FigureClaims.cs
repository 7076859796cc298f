using Pipeline.Scoring.Report;
using Pipeline.Scoring.Statistics;

namespace Pipeline.Scoring.Experiments;

/// <summary>What the paper says of its figures.</summary>
static class FigureClaims
{
    const int EarlyStep = 2_000;

    const double EarlyShare = 0.9;

    /// <summary>Figure 4: holds if both towers' whole intervals lie above the share, does not hold if one lies at or below it.</summary>
    public static Claim SpotifyLearnsEarly(ExperimentResults results)
    {
        var text = $"On Spotify both towers have HR@5 above {Numbers.Fixed(EarlyShare, 1)} after {Numbers.Count(EarlyStep)} steps";
        if (results.Find("spotify") is not { } measured)
        {
            return TowerClaims.Missing(text, "spotify");
        }

        var found = measured.Curves.Where(curve => curve.Metric.Name == "HR@5")
            .SelectMany(curve => curve.Points.Where(point => point.Step == EarlyStep).Select(point => (curve.Tower, point.Interval))).ToList();
        var verdict = found.Any(each => each.Interval.High <= EarlyShare) ? Verdict.DoesNotHold
            : found.Count == PaperTable.Towers.Length && found.All(each => each.Interval.Low > EarlyShare) ? Verdict.Holds : Verdict.CannotBeTold;
        var values = found.Select(each => $"{Titles.Of(each.Tower)} has {Numbers.Fixed(each.Interval.Value, 3)} ({Numbers.Range(each.Interval, 3)})").ToList();
        return new Claim(text, verdict, found.Count == 0 ? "Nothing was measured at that step." : $"{Numbers.List(values)}.{TowerClaims.Data(measured)}");
    }

    /// <summary>
    /// Figure 5: holds if both towers' intervals lie below 0 at the first rank and at the last, does not hold if one lies above it. The most liked item
    /// of a few users is also the luckiest, so that a fair model tends to lie below 0 at the first rank and above it at the last.
    /// </summary>
    public static Claim EndsAreUnderpredicted(ExperimentResults results)
    {
        const string Dataset = "vaccine-25x50";
        const string Text = "On vaccine 25x50 the most and the least liked messages are recommended to fewer users than like them";
        if (results.Find(Dataset) is not { } measured)
        {
            return TowerClaims.Missing(Text, Dataset);
        }

        var ends = (from likes in measured.Likes
                    from rank in new[] { 1, likes.Differences.Count }
                    select (likes.Tower, Rank: rank, Difference: likes.Differences[rank - 1], likes.Seeds)).ToList();
        if (ends.Count == 0 || ends.Any(end => end.Seeds < 2))
        {
            return new Claim(Text, Verdict.CannotBeTold, "One seed has no interval.");
        }

        var verdict = ends.Any(end => end.Difference.Low > 0) ? Verdict.DoesNotHold : ends.All(end => end.Difference.High < 0) ? Verdict.Holds : Verdict.CannotBeTold;
        return new Claim(Text, verdict, $"Users of a seed more (+) or fewer (-): {string.Join("; ", ends.Select(Describe))}.");

        static string Describe((string Tower, int Rank, Interval Difference, int Seeds) end) =>
            $"{Titles.Of(end.Tower)} at rank {end.Rank} {Numbers.Signed(end.Difference.Value, 1)} "
            + $"({Numbers.Signed(end.Difference.Low, 1)} to {Numbers.Signed(end.Difference.High, 1)})";
    }
}
