namespace Pipeline.Scoring.Baselines;

/// <summary>Scores that stand for an order alone: who comes first, not by how much.</summary>
static class CountedOrder
{
    /// <summary>Orders items by a count and, where that is equal, by another one, then by item.</summary>
    /// <param name="counts">By item.</param>
    /// <param name="otherwise">By item.</param>
    /// <returns>By item: 1 for the first, down to 1 / items for the last.</returns>
    public static float[] Scores(int[] counts, int[] otherwise)
    {
        var scores = new float[counts.Length];
        var place = 0;
        foreach (var item in Enumerable.Range(0, counts.Length).OrderByDescending(item => counts[item]).ThenByDescending(item => otherwise[item]))
        {
            scores[item] = (float)(scores.Length - place) / scores.Length;
            place++;
        }

        return scores;
    }
}
