namespace Pipeline.Scoring.Metrics;

/// <summary>
/// The items that a user is known to like; at least one. Nothing can be said of a list for a user who likes nothing, so such
/// users are left out before any metric sees them.
/// </summary>
public readonly ref struct RelevantItems
{
    readonly ReadOnlySpan<int> ascending;

    /// <param name="ascending">Items, ascending, without repeats.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public RelevantItems(ReadOnlySpan<int> ascending)
    {
        if (ascending.IsEmpty)
        {
            throw new ArgumentException("A user with nothing relevant has no metric: leave that user out.", nameof(ascending));
        }

        this.ascending = ascending;
    }

    public int Count => ascending.Length;

    public bool Contains(int item) => ascending.BinarySearch(item) >= 0;

    /// <summary>How many of the list's first k entries are relevant.</summary>
    public int HitsIn(ReadOnlySpan<int> list, int k)
    {
        var hits = 0;
        foreach (var item in list[..Math.Min(k, list.Length)])
        {
            hits += Contains(item) ? 1 : 0;
        }

        return hits;
    }
}
