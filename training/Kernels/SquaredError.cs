using System.Runtime.CompilerServices;
using Pipeline.Kernels.Simd;

namespace Pipeline.Kernels;

/// <summary>How far the inner products of users and items are from their targets.</summary>
/// <remarks>
/// <code>
/// score[b] = Σ over e of users[b,e] items[b,e]      loss = Σ over b of (score[b] - target[b])² / B
/// dscore[b] = 2 (score[b] - target[b]) / B          dusers[b] = dscore[b] items[b]          ditems[b] = dscore[b] users[b]
/// </code>
/// Keeps the scores.
/// </remarks>
static unsafe class SquaredError
{
    /// <param name="users">[B, E]</param>
    /// <param name="items">[B, E]</param>
    /// <param name="targets">[B, 1]</param>
    /// <param name="scores">[B, 1], overwritten; read by backward.</param>
    /// <returns>The loss.</returns>
    public static float Forward(MatrixView users, MatrixView items, MatrixView targets, MatrixView scores) => SimdLevel.Width switch
    {
        16 => Forward<V512>(users, items, targets, scores),
        8 => Forward<V256>(users, items, targets, scores),
        _ => Forward<V128>(users, items, targets, scores),
    };

    /// <param name="dusers">[B, E], overwritten.</param>
    /// <param name="ditems">[B, E], overwritten.</param>
    public static void Backward(MatrixView users, MatrixView items, MatrixView targets, MatrixView scores, MatrixView dusers, MatrixView ditems)
    {
        switch (SimdLevel.Width)
        {
            case 16:
                Backward<V512>(users, items, targets, scores, dusers, ditems);
                break;
            case 8:
                Backward<V256>(users, items, targets, scores, dusers, ditems);
                break;
            default:
                Backward<V128>(users, items, targets, scores, dusers, ditems);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Forward<T>(MatrixView users, MatrixView items, MatrixView targets, MatrixView scores)
        where T : struct, IVector<T>
    {
        var loss = 0.0;
        for (var b = 0; b < users.Rows; b++)
        {
            var user = users.Row(b);
            var item = items.Row(b);
            var sum = T.Zero;
            for (var e = 0; e < users.Columns; e += T.Width)
            {
                sum = T.MultiplyAdd(Lanes.Load<T>(user + e, users.Columns - e), Lanes.Load<T>(item + e, users.Columns - e), sum);
            }

            var score = T.Sum(sum);
            var error = (double)score - *targets.Row(b);
            *scores.Row(b) = score;
            loss += error * error;
        }

        return (float)(loss / users.Rows);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward<T>(MatrixView users, MatrixView items, MatrixView targets, MatrixView scores, MatrixView dusers, MatrixView ditems)
        where T : struct, IVector<T>
    {
        for (var b = 0; b < users.Rows; b++)
        {
            var dscore = T.Create(2 * (*scores.Row(b) - *targets.Row(b)) / users.Rows);
            for (var e = 0; e < users.Columns; e += T.Width)
            {
                var left = users.Columns - e;
                Lanes.Store(dscore * Lanes.Load<T>(items.Row(b) + e, left), dusers.Row(b) + e, left);
                Lanes.Store(dscore * Lanes.Load<T>(users.Row(b) + e, left), ditems.Row(b) + e, left);
            }
        }
    }
}
