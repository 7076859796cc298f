namespace Pipeline.Features;

/// <summary>Interactions by user: what each took, oldest first, and whether a user is known to have taken an item.</summary>
public sealed class History
{
    readonly int[] starts, items, days, knownStarts, known;

    History(int[] starts, int[] items, int[] days, int[] knownStarts, int[] known) =>
        (this.starts, this.items, this.days, this.knownStarts, this.known) = (starts, items, days, knownStarts, known);

    public int UserCount => starts.Length - 1;

    /// <summary>Interactions in all.</summary>
    public int Count => items.Length;

    /// <param name="interactions">Within the catalogue, in any order.</param>
    /// <param name="userCount">Number of the encoded users.</param>
    public static History Of(Interactions interactions, int userCount)
    {
        var starts = new int[userCount + 1];
        foreach (var user in interactions.Users)
        {
            starts[user + 1]++;
        }

        for (var user = 0; user < userCount; user++)
        {
            starts[user + 1] += starts[user];
        }

        // Day and item in one number, so that one sort of a user's few rows orders both.
        var rows = new long[interactions.Count];
        var next = starts.AsSpan(0, userCount).ToArray();
        for (var i = 0; i < rows.Length; i++)
        {
            rows[next[interactions.Users[i]]++] = ((long)interactions.Days[i] << 32) | (uint)interactions.Items[i];
        }

        var (items, days) = (new int[rows.Length], new int[rows.Length]);
        var (knownStarts, known) = (new int[userCount + 1], new int[rows.Length]);
        var distinct = 0;
        for (var user = 0; user < userCount; user++)
        {
            var (start, count) = (starts[user], starts[user + 1] - starts[user]);
            rows.AsSpan(start, count).Sort();
            for (var i = start; i < start + count; i++)
            {
                (items[i], days[i]) = ((int)(uint)rows[i], (int)(rows[i] >> 32));
            }

            distinct = AddDistinct(items.AsSpan(start, count), known, distinct);
            knownStarts[user + 1] = distinct;
        }

        return new History(starts, items, days, knownStarts, known[..distinct]);
    }

    /// <summary>By day, then by item; an item may occur several times.</summary>
    public ReadOnlySpan<int> Items(int user) => items.AsSpan(starts[user], starts[user + 1] - starts[user]);

    /// <summary>As <see cref="Items"/>: days since 1970-01-01, ascending.</summary>
    public ReadOnlySpan<int> Days(int user) => days.AsSpan(starts[user], starts[user + 1] - starts[user]);

    /// <summary>The items of a user, ascending, each once.</summary>
    public ReadOnlySpan<int> Known(int user) => known.AsSpan(knownStarts[user], knownStarts[user + 1] - knownStarts[user]);

    public bool Knows(int user, int item) => Known(user).BinarySearch(item) >= 0;

    /// <summary>Users and items of every known pair, by user and item, each once.</summary>
    public (int[] Users, int[] Items) DistinctPairs()
    {
        var users = new int[known.Length];
        for (var user = 0; user < UserCount; user++)
        {
            users.AsSpan(knownStarts[user], knownStarts[user + 1] - knownStarts[user]).Fill(user);
        }

        return (users, [.. known]);
    }

    /// <summary>All of them, by user, day and item.</summary>
    public Interactions ToInteractions()
    {
        var users = new int[Count];
        for (var user = 0; user < UserCount; user++)
        {
            users.AsSpan(starts[user], starts[user + 1] - starts[user]).Fill(user);
        }

        return new Interactions(users, [.. items], [.. days]);
    }

    static int AddDistinct(ReadOnlySpan<int> items, int[] known, int first)
    {
        items.CopyTo(known.AsSpan(first));
        known.AsSpan(first, items.Length).Sort();
        var end = first;
        for (var i = first; i < first + items.Length; i++)
        {
            if (end == first || known[i] != known[end - 1])
            {
                known[end++] = known[i];
            }
        }

        return end;
    }
}
