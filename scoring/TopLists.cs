using Pipeline.Kernels;

namespace Pipeline.Scoring;

/// <summary>The best items of some users, best first; ties by item order. All lists have the same length.</summary>
public sealed class TopLists
{
    // What a thread takes at a time: enough that its scratch memory does not count, few enough for many threads.
    const int BlockUsers = 2048;

    readonly int[] items;
    readonly float[] scores;

    TopLists(int users, int length)
    {
        (Count, Length) = (users, length);
        items = GC.AllocateUninitializedArray<int>(users * length);
        scores = GC.AllocateUninitializedArray<float>(users * length);
    }

    /// <summary>Scores every item for one user.</summary>
    /// <param name="scores">[items], to be overwritten.</param>
    public delegate void ItemScorer(int user, Span<float> scores);

    /// <summary>Users.</summary>
    public int Count { get; }

    /// <summary>Entries of a list.</summary>
    public int Length { get; }

    public ReadOnlySpan<int> Items(int user) => items.AsSpan(user * Length, Length);

    public ReadOnlySpan<float> Scores(int user) => scores.AsSpan(user * Length, Length);

    /// <summary>Scores by the inner product of two embeddings, exactly: every item for every user, but never all scores at once.</summary>
    /// <param name="users">[users, width]</param>
    /// <param name="items">[items, width]</param>
    /// <param name="length">Items of a list; as many as there are if they are fewer.</param>
    public static TopLists Of(float[] users, float[] items, int width, int length, int threads)
    {
        var lists = new TopLists(users.Length / width, Math.Min(length, items.Length / width));
        if (lists.Length == 0)
        {
            return lists;
        }

        Parallel.For(0, (lists.Count + BlockUsers - 1) / BlockUsers, new ParallelOptions { MaxDegreeOfParallelism = threads }, block =>
        {
            var first = block * BlockUsers;
            var count = Math.Min(BlockUsers, lists.Count - first);
            TopScores.Select(
                users.AsSpan(first * width, count * width), items, width, lists.Length, [],
                lists.items.AsSpan(first * lists.Length, count * lists.Length), lists.scores.AsSpan(first * lists.Length, count * lists.Length));
        });
        return lists;
    }

    /// <param name="scorer">Called from several threads, once per user.</param>
    public static TopLists Of(int userCount, int itemCount, int length, ItemScorer scorer, int threads)
    {
        var lists = new TopLists(userCount, Math.Min(length, itemCount));
        Parallel.For(
            0,
            userCount,
            new ParallelOptions { MaxDegreeOfParallelism = threads },
            () => new float[itemCount],
            (user, _, row) =>
            {
                scorer(user, row);
                SinkNaN(row);
                TopK.Select(
                    row, [], lists.items.AsSpan(user * lists.Length, lists.Length), lists.scores.AsSpan(user * lists.Length, lists.Length));
                return row;
            },
            _ => { });
        return lists;
    }

    /// <summary>Copies a list, without some items, as far as there is room.</summary>
    /// <param name="known">To be left out; ascending.</param>
    /// <param name="chosen">Overwritten: items, best first.</param>
    /// <param name="given">As chosen: their scores.</param>
    /// <returns>Entries copied; fewer than there is room for if the list has no more.</returns>
    public int CopyWithout(ReadOnlySpan<int> known, int list, Span<int> chosen, Span<float> given)
    {
        ReadOnlySpan<int> from = Items(list);
        var fromScores = Scores(list);
        var count = 0;
        for (var i = 0; i < from.Length && count < chosen.Length; i++)
        {
            if (known.IsEmpty || known.BinarySearch(from[i]) < 0)
            {
                (chosen[count], given[count]) = (from[i], fromScores[i]);
                count++;
            }
        }

        return count;
    }

    /// <summary>A score that is no number becomes the lowest there is: the lists of a model that diverged are still lists, and the report counts them.</summary>
    static void SinkNaN(Span<float> scores)
    {
        foreach (ref var score in scores)
        {
            score = float.IsNaN(score) ? float.NegativeInfinity : score;
        }
    }
}
