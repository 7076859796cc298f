namespace Pipeline.Scoring;

/// <summary>
/// Notices a dead run: a model that says the same of everything. Its score is then the same for every pair, or its list the same for
/// every user, or its scores are not finite. Such a run is flagged and counted in every report, and never published.
/// </summary>
public sealed class RunHealth
{
    int[] first = [];
    float firstScore;
    bool allListsEqual = true;
    bool allScoresEqual = true;
    bool allFinite = true;

    /// <summary>Lists seen so far.</summary>
    public long Users { get; private set; }

    /// <summary>Why the run is dead, as the end of a sentence ("every score is 0"); null if it lives.</summary>
    public string? CauseOfDeath => Users == 0 ? null
        : !allFinite ? "some scores are not finite"
        : allScoresEqual ? "all scores are equal"
        : allListsEqual && Users > 1 ? "every user has the same list"
        : null;

    /// <summary>Looks at the list of one user.</summary>
    /// <param name="items">Best first; any numbers that tell items apart.</param>
    /// <param name="scores">Of the same length.</param>
    public void Add(ReadOnlySpan<int> items, ReadOnlySpan<float> scores)
    {
        Users++;
        if (items.IsEmpty)
        {
            // A user from whom the whole catalogue is masked: nothing to be learnt of the model.
            return;
        }

        if (first.Length == 0)
        {
            first = items.ToArray();
            firstScore = scores[0];
        }

        allListsEqual &= items.SequenceEqual(first);
        foreach (var score in scores)
        {
            allScoresEqual &= score == firstScore;
            allFinite &= float.IsFinite(score);
        }
    }

    /// <summary>Looks at those lists that come from the model.</summary>
    public static string? CauseOfDeathOf(TestLists lists)
    {
        var health = new RunHealth();
        for (var user = 0; user < lists.Items.Length; user++)
        {
            if (lists.Sources?[user] != ListSource.Popularity)
            {
                health.Add(lists.Items[user], lists.Scores[user]);
            }
        }

        return health.CauseOfDeath;
    }
}
