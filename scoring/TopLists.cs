using System.Numerics;
using System.Runtime.InteropServices;
using Pipeline.Kernels;

namespace Pipeline.Scoring;

/// <summary>The best items of some users, best first; ties by item order. All lists have the same length.</summary>
public sealed class TopLists
{
    readonly int[] items;
    readonly float[] scores;

    TopLists(int users, int length)
    {
        (Count, Length) = (users, length);
        items = new int[users * length];
        scores = new float[users * length];
    }

    /// <summary>Scores every item for one user.</summary>
    /// <param name="scores">[items], to be overwritten.</param>
    public delegate void ItemScorer(int user, Span<float> scores);

    /// <summary>Users.</summary>
    public int Count { get; }

    public int Length { get; }

    public ReadOnlySpan<int> Items(int user) => items.AsSpan(user * Length, Length);

    public ReadOnlySpan<float> Scores(int user) => scores.AsSpan(user * Length, Length);

    /// <summary>Scores by the inner product of two embeddings, exactly: every item for every user, but never all scores at once.</summary>
    /// <param name="users">[users, width]</param>
    /// <param name="items">[items, width]</param>
    /// <param name="length">Items of a list; as many as there are if they are fewer.</param>
    public static TopLists Of(float[] users, float[] items, int width, int length, int threads)
    {
        var itemCount = items.Length / width;
        var columns = Transpose(items, itemCount, width);
        return Of(users.Length / width, itemCount, length, (user, row) => Score(users.AsSpan(user * width, width), columns, row), threads);
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

    /// <summary>A score that is no number becomes the lowest there is: the lists of a model that diverged are still lists, and the report counts them.</summary>
    static void SinkNaN(Span<float> scores)
    {
        foreach (ref var score in scores)
        {
            score = float.IsNaN(score) ? float.NegativeInfinity : score;
        }
    }

    /// <summary>
    /// scores[i] = sum over e of user[e] columns[e, i]. The sum runs over e in order for every item, so that the vector's width
    /// changes nothing.
    /// </summary>
    static void Score(ReadOnlySpan<float> user, ReadOnlySpan<float> columns, Span<float> scores)
    {
        scores.Clear();
        var wideScores = MemoryMarshal.Cast<float, Vector<float>>(scores);
        for (var e = 0; e < user.Length; e++)
        {
            var column = columns.Slice(e * scores.Length, scores.Length);
            var wide = MemoryMarshal.Cast<float, Vector<float>>(column);
            for (var i = 0; i < wide.Length; i++)
            {
                wideScores[i] += wide[i] * user[e];
            }

            for (var i = wide.Length * Vector<float>.Count; i < scores.Length; i++)
            {
                scores[i] += column[i] * user[e];
            }
        }
    }

    /// <summary>[items, width] to [width, items]: neighbours in memory are then items, which a vector takes several of.</summary>
    static float[] Transpose(float[] items, int itemCount, int width)
    {
        var columns = new float[items.Length];
        for (var item = 0; item < itemCount; item++)
        {
            for (var e = 0; e < width; e++)
            {
                columns[e * itemCount + item] = items[item * width + e];
            }
        }

        return columns;
    }
}
