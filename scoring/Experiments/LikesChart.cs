using Pipeline.Scoring.Report;

namespace Pipeline.Scoring.Experiments;

/// <summary>A chart of Figure 5.</summary>
static class LikesChart
{
    /// <summary>Predicted minus actual likes by an item's rank, mean over seeds; a band where there are seeds to make an interval of.</summary>
    /// <param name="id">Unique on the page.</param>
    public static Markup Of(string id, string title, IReadOnlyList<RankedLikes> towers) => new Chart
    {
        Id = id,
        Title = title,
        Description = string.Join(" ", towers.Select(likes => $"{Titles.Of(likes.Tower)} is off by "
            + $"{Numbers.Fixed(likes.Differences.Average(difference => Math.Abs(difference.Value)), 1)} users per item on average, by "
            + $"{Numbers.Signed(likes.Differences[0].Value, 1)} at the most liked item and by {Numbers.Signed(likes.Differences[^1].Value, 1)} at the least liked.")),
        XTitle = "rank of the item, most liked first",
        YTitle = "users of a seed",
        BandTitle = towers.All(likes => likes.Seeds > 1) ? "95 % interval" : null,
        IsScatter = true,
        Decimals = 1,
        Series = [.. towers.Select(likes => new ChartSeries(
            Titles.Of(likes.Tower),
            Titles.StyleOf(likes.Tower),
            [.. likes.Differences.Select((difference, place) => new ChartPoint(place + 1, difference.Value, difference.Low, difference.High))]))],
    }.ToMarkup();
}
