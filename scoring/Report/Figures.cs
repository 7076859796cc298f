namespace Pipeline.Scoring.Report;

/// <summary>The charts that several pages show.</summary>
static class Figures
{
    /// <summary>One metric through training, a line per tower with its interval as a band.</summary>
    /// <param name="id">Unique on the page.</param>
    /// <param name="curves">At least one, all of the same metric.</param>
    public static Markup Curves(string id, string title, IReadOnlyList<TrainingCurve> curves) => new Chart
    {
        Id = id,
        Title = title,
        Description = string.Join(" ", curves.Select(curve =>
            $"{Titles.Of(curve.Tower)} goes from {Numbers.Fixed(curve.Points[0].Interval.Value, 3)} at step {Numbers.Count(curve.Points[0].Step)} to "
            + $"{Numbers.Fixed(curve.Points[^1].Interval.Value, 3)} at step {Numbers.Count(curve.Points[^1].Step)}.")),
        XTitle = "training steps",
        YTitle = $"{curves[0].Metric.Name} (share of users)",
        BandTitle = "95 % interval",
        Series = [.. curves.Select(curve => new ChartSeries(
            Titles.Of(curve.Tower),
            Titles.StyleOf(curve.Tower),
            [.. curve.Points.Select(point => new ChartPoint(point.Step, point.Interval.Value, point.Interval.Low, point.Interval.High))]))],
    }.ToMarkup();

    /// <summary>Predicted minus actual likes of each item, the most liked first; ties by item order.</summary>
    /// <param name="id">Unique on the page.</param>
    public static Markup Likes(string id, string title, IReadOnlyList<ItemLikes> towers) => new Chart
    {
        Id = id,
        Title = title,
        Description = string.Join(" ", towers.Select(likes =>
            $"{Titles.Of(likes.Tower)} is off by {Numbers.Fixed(likes.Actual.Zip(likes.Predicted, (a, p) => Math.Abs(p - a)).Average(), 1)} users per item on average.")),
        XTitle = "items, most liked first",
        YTitle = "users",
        IsScatter = true,
        Decimals = 0,
        Series = [.. towers.Select(likes => new ChartSeries(Titles.Of(likes.Tower), Titles.StyleOf(likes.Tower), Points(likes)))],
    }.ToMarkup();

    static List<ChartPoint> Points(ItemLikes likes) =>
    [
        .. Enumerable.Range(0, likes.Actual.Length).OrderByDescending(item => likes.Actual[item]).Select((item, place) =>
        {
            var difference = likes.Predicted[item] - likes.Actual[item];
            return new ChartPoint(place + 1, difference, difference, difference);
        }),
    ];
}
