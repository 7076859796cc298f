namespace Pipeline.Scoring.Baselines;

/// <summary>The same list for everyone: what was taken most often of late. Fashion passes, so it is stronger than popularity where time is split.</summary>
/// <param name="days">How many days before the end of the history count, its last day included.</param>
public sealed class RecentPopularityBaseline(int days) : IBaseline
{
    public string Id => "recent-popularity";

    public string Meaning => $"Every user gets the same list: items by how often they were taken in the last {days} days of the history, ties by popularity.";

    public bool NeedsHistory => true;

    public object? Options { get; } = new { RecentDays = days };

    public TopLists.ItemScorer Scorer(BaselineData data)
    {
        var history = data.History!;
        var lastDay = Enumerable.Range(0, history.UserCount).Where(user => history.Days(user).Length > 0).Select(user => history.Days(user)[^1]).DefaultIfEmpty().Max();
        var recent = BaselineData.CountTaken(history, data.Taken.Length, lastDay - days + 1);
        var scoresOfAll = CountedOrder.Scores(recent, data.Taken);
        return (_, scores) => scoresOfAll.CopyTo(scores);
    }
}
