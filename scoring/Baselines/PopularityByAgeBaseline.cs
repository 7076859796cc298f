namespace Pipeline.Scoring.Baselines;

/// <summary>A list per age group: what those of a like age took most often. Shows how much of a model is the age alone.</summary>
public sealed class PopularityByAgeBaseline : IBaseline
{
    public string Id => "popularity-by-age";

    public string Meaning =>
        $"Every user gets the items that users of a like age took most often in the history: {AgeGroups.Known} groups of about equal size and one of unknown age; ties by popularity.";

    public bool NeedsHistory => true;

    public TopLists.ItemScorer Scorer(BaselineData data)
    {
        var groupOf = AgeGroups.Of(data.Users);
        int[][] taken = [.. Enumerable.Range(0, AgeGroups.Known + 1).Select(_ => new int[data.Taken.Length])];
        for (var user = 0; user < groupOf.Length; user++)
        {
            foreach (var item in data.History!.Items(user))
            {
                taken[groupOf[user]][item]++;
            }
        }

        float[][] scoresOf = [.. taken.Select(counts => CountedOrder.Scores(counts, data.Taken))];
        return (testUser, scores) => scoresOf[groupOf[data.Test.Users[testUser]]].CopyTo(scores);
    }
}
