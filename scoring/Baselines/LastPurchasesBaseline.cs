namespace Pipeline.Scoring.Baselines;

/// <summary>What the user took last comes first: the list to beat wherever people take the same thing again.</summary>
/// <remarks>A test user whose whole history is held out has nothing left to repeat and gets popularity.</remarks>
public sealed class LastPurchasesBaseline : IBaseline
{
    public string Id => "last-purchases";

    public string Meaning =>
        "Every user gets what that user took in the history, newest first, then items by popularity. For a test user whose purchases are all held out nothing is left, and it is popularity.";

    public bool NeedsHistory => true;

    public TopLists.ItemScorer Scorer(BaselineData data)
    {
        var history = data.History!;
        var firstDay = Enumerable.Range(0, history.UserCount).Where(user => history.Days(user).Length > 0).Select(user => history.Days(user)[0]).DefaultIfEmpty().Min();
        var popularity = CountedOrder.Scores(data.Taken, data.Taken);
        return (testUser, scores) =>
        {
            // Popularity is at most 1, a purchase at least 2 and the higher the later it was: the last one of an item is written last.
            popularity.CopyTo(scores);
            var user = data.Test.Users[testUser];
            var items = history.Items(user);
            var days = history.Days(user);
            for (var i = 0; i < items.Length; i++)
            {
                scores[items[i]] = 2 + days[i] - firstDay;
            }
        };
    }
}
