using System.Numerics;

namespace Pipeline.Kernels;

/// <summary>The k best of a row of scores, exactly: descending, equal scores by lower item.</summary>
/// <remarks>
/// A heap holds the best so far, its worst on top. In almost every place of a long row nothing beats that worst, which is told for a whole vector of scores
/// at once; so a row of n costs about n / width comparisons plus k log(n / k) changes of the heap, each log k.
/// </remarks>
public static class TopK
{
    /// <summary>Selects as many as items holds, or as there are. A score that is NaN is never selected; infinities are scores like others.</summary>
    /// <param name="scores">[n], one for each item.</param>
    /// <param name="isMasked">[n]: items to leave out; or empty for none.</param>
    /// <param name="items">[k], overwritten: places in scores, best first.</param>
    /// <param name="values">[k], overwritten: their scores.</param>
    /// <returns>How many were selected; less than k if fewer have a score and no mask. What lies behind them in items and values is undefined.</returns>
    public static int Select(ReadOnlySpan<float> scores, ReadOnlySpan<bool> isMasked, Span<int> items, Span<float> values)
    {
        if (!isMasked.IsEmpty && isMasked.Length != scores.Length)
        {
            throw new ArgumentException($"{isMasked.Length} masks for {scores.Length} scores.", nameof(isMasked));
        }

        if (items.Length != values.Length)
        {
            throw new ArgumentException($"Room for {items.Length} items and {values.Length} values.", nameof(values));
        }

        if (items.IsEmpty)
        {
            return 0;
        }

        var count = Fill(scores, isMasked, items, values, out var next);
        for (var i = count / 2 - 1; i >= 0; i--)
        {
            SiftDown(items[..count], values[..count], i);
        }

        if (count == items.Length)
        {
            ReplaceWorst(scores, isMasked, items, values, next);
        }

        // Taking the worst off the top, again and again, leaves the best in front.
        for (var last = count - 1; last > 0; last--)
        {
            (items[0], items[last]) = (items[last], items[0]);
            (values[0], values[last]) = (values[last], values[0]);
            SiftDown(items[..last], values[..last], 0);
        }

        return count;
    }

    /// <summary>Takes the first k that may be selected; next is where to go on.</summary>
    static int Fill(ReadOnlySpan<float> scores, ReadOnlySpan<bool> isMasked, Span<int> items, Span<float> values, out int next)
    {
        var count = 0;
        for (next = 0; next < scores.Length && count < items.Length; next++)
        {
            if (!float.IsNaN(scores[next]) && (isMasked.IsEmpty || !isMasked[next]))
            {
                (items[count], values[count]) = (next, scores[next]);
                count++;
            }
        }

        return count;
    }

    static void ReplaceWorst(ReadOnlySpan<float> scores, ReadOnlySpan<bool> isMasked, Span<int> items, Span<float> values, int start)
    {
        var i = start;
        for (; i <= scores.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            if (Vector.GreaterThanAny(new Vector<float>(scores[i..]), new Vector<float>(values[0])))
            {
                ReplaceWorst(scores, isMasked, items, values, i, i + Vector<float>.Count);
            }
        }

        ReplaceWorst(scores, isMasked, items, values, i, scores.Length);
    }

    static void ReplaceWorst(ReadOnlySpan<float> scores, ReadOnlySpan<bool> isMasked, Span<int> items, Span<float> values, int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            // Equal is not enough: who came before has the lower item. False for NaN.
            if (scores[i] > values[0] && (isMasked.IsEmpty || !isMasked[i]))
            {
                (items[0], values[0]) = (i, scores[i]);
                SiftDown(items, values, 0);
            }
        }
    }

    static void SiftDown(Span<int> items, Span<float> values, int place)
    {
        var (item, value) = (items[place], values[place]);
        for (var child = (2 * place) + 1; child < items.Length; child = (2 * place) + 1)
        {
            if (child + 1 < items.Length && IsWorse(items[child + 1], values[child + 1], items[child], values[child]))
            {
                child++;
            }

            if (!IsWorse(items[child], values[child], item, value))
            {
                break;
            }

            (items[place], values[place]) = (items[child], values[child]);
            place = child;
        }

        (items[place], values[place]) = (item, value);
    }

    static bool IsWorse(int item, float value, int otherItem, float otherValue) => value < otherValue || (value == otherValue && item > otherItem);
}
