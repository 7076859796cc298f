namespace Pipeline.Scoring.Metrics;

/// <summary>
/// The items that a user is known to like; at least one. Nothing can be said of a list for a user who likes nothing, so such
/// users are left out before any metric sees them.
/// </summary>
public readonly ref struct RelevantItems
{
    readonly ReadOnlySpan<int> ascending;
    readonly int elsewhere;

    /// <param name="ascending">Items of the catalogue, ascending, without repeats.</param>
    /// <param name="elsewhere">How many more there are that no list can hold, since they are outside the catalogue.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public RelevantItems(ReadOnlySpan<int> ascending, int elsewhere = 0)
    {
        if (ascending.Length + elsewhere == 0)
        {
            throw new ArgumentException("A user with nothing relevant has no metric: leave that user out.", nameof(ascending));
        }

        this.ascending = ascending;
        this.elsewhere = elsewhere;
    }

    /// <summary>All of them, also those that no list can hold.</summary>
    public int Count => ascending.Length + elsewhere;

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
