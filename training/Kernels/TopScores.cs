using System.Runtime.CompilerServices;
using Pipeline.Kernels.Cpu;
using Pipeline.Kernels.Simd;

namespace Pipeline.Kernels;

/// <summary>The k best items of many users by the inner product of their embeddings, exactly: descending, equal scores by lower item.</summary>
/// <remarks>
/// <code>score[u,i] = Σ(e) user[u,e] item[i,e]</code>
/// A lane of a vector is a user. Two vectors of users meet a tile of items; the scores of the tile stay in the first cache, and no others are kept.
/// The lists of all lanes are sorted at all times: an item that beats the last entry of any lane is inserted in all lanes at once, by selects instead of
/// branches. That costs k steps for an item of a short catalogue, one comparison for nearly every item of a long one.
/// Each sum runs over e in order, with fused products where the processor has them: AVX-512 and AVX2 give the same bytes.
/// </remarks>
public static unsafe class TopScores
{
    /// <summary>Items of a tile: with 2 x 16 users 16 KiB of scores.</summary>
    const int TileItems = 128;

    /// <summary>Selects for each user. An item whose score is no number or -∞ counts as -∞, so a list has less than k entries only if there are too few items.</summary>
    /// <param name="users">[U, width]</param>
    /// <param name="items">[I, width]</param>
    /// <param name="width">E</param>
    /// <param name="length">k, at least 1: meant for up to a few hundred, since an insertion takes k steps.</param>
    /// <param name="seen">By user: items to leave out; or empty for none.</param>
    /// <param name="chosen">[U, k], overwritten: rows of items, best first; -1 where there are no more.</param>
    /// <param name="scores">[U, k], overwritten: their scores; -∞ where there are no more.</param>
    public static void Select(
        ReadOnlySpan<float> users, ReadOnlySpan<float> items, int width, int length, ReadOnlySpan<int[]> seen, Span<int> chosen, Span<float> scores)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        int userCount = users.Length / width, itemCount = items.Length / width;
        if (users.Length % width != 0 || items.Length % width != 0 || (!seen.IsEmpty && seen.Length != userCount))
        {
            throw new ArgumentException($"{users.Length} and {items.Length} floats, {seen.Length} lists of seen items: not whole users and items of width {width}.");
        }

        if (chosen.Length != (long)userCount * length || scores.Length != chosen.Length)
        {
            throw new ArgumentException($"Room for {chosen.Length} items and {scores.Length} scores, not for {userCount} lists of {length}.", nameof(chosen));
        }

        fixed (float* user = users, item = items)
        {
            var (userView, itemView) = (new MatrixView(user, userCount, width, width), new MatrixView(item, itemCount, width, width));
            switch (SimdLevel.Width)
            {
                case 16:
                    Select<V512>(userView, itemView, length, seen, chosen, scores);
                    break;
                case 8:
                    Select<V256>(userView, itemView, length, seen, chosen, scores);
                    break;
                default:
                    Select<V128>(userView, itemView, length, seen, chosen, scores);
                    break;
            }
        }
    }

    internal static void Select<T>(MatrixView users, MatrixView items, int length, ReadOnlySpan<int[]> seen, Span<int> chosen, Span<float> scores)
        where T : struct, IVector<T>
    {
        var lanes = 2 * T.Width;
        using var scratch = new Scratch();
        var panel = new MatrixView(scratch.Reserve((long)lanes * (users.Columns + TileItems + (2 * length))), users.Columns, lanes, lanes);
        var tile = new MatrixView(panel.Row(panel.Rows), TileItems, lanes, lanes);
        var best = new Lists(tile.Row(TileItems), (int*)tile.Row(TileItems + length), length, lanes);
        for (var first = 0; first < users.Rows; first += lanes)
        {
            var block = users.Block(first, lanes);
            Packing.Transposed(block, lanes, panel.Data);
            best.Clear();
            for (var item = 0; item < items.Rows; item += TileItems)
            {
                var part = items.Block(item, TileItems);
                var result = tile.Block(0, part.Rows);
                SmallProduct.Run<T>(part.Data, part.Stride, 1, panel, result);
                if (!seen.IsEmpty)
                {
                    Hide(seen.Slice(first, block.Rows), item, result);
                }

                Insert<T>(result, item, best, 0);
                Insert<T>(result, item, best, T.Width);
            }

            for (var user = 0; user < block.Rows; user++)
            {
                var at = (first + user) * length;
                best.Write(user, items.Rows, seen.IsEmpty ? [] : seen[first + user], chosen.Slice(at, length), scores.Slice(at, length));
            }
        }
    }

    /// <summary>Puts every item of a tile into the lists of one vector of users that it belongs to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Insert<T>(MatrixView tile, int firstItem, Lists best, int lane)
        where T : struct, IVector<T>
    {
        var worst = best.Scores + (best.Lanes * (best.Length - 1)) + lane;
        for (var i = 0; i < tile.Rows; i++)
        {
            var score = T.Load(tile.Row(i) + lane);
            if (!T.AnyPositive(score - T.Load(worst)))
            {
                continue;
            }

            // Row numbers travel as the bits of floats: selects and stores leave them alone.
            var (carriedScore, carriedItem) = (score, T.Create(BitConverter.Int32BitsToSingle(firstItem + i)));
            float* scores = best.Scores + lane, items = (float*)best.Items + lane;
            for (var place = 0; place < best.Length; place++, scores += best.Lanes, items += best.Lanes)
            {
                // Above one entry means above all behind it, so the entry that made room moves on, past none of its equals.
                T oldScore = T.Load(scores), oldItem = T.Load(items), above = score - oldScore;
                T.Store(T.IfPositive(above, carriedScore, oldScore), scores);
                T.Store(T.IfPositive(above, carriedItem, oldItem), items);
                carriedScore = T.IfPositive(above, oldScore, carriedScore);
                carriedItem = T.IfPositive(above, oldItem, carriedItem);
            }
        }
    }

    /// <summary>A score that is no number is never above another.</summary>
    static void Hide(ReadOnlySpan<int[]> seen, int firstItem, MatrixView tile)
    {
        for (var user = 0; user < seen.Length; user++)
        {
            foreach (var item in seen[user])
            {
                if (item >= firstItem && item < firstItem + tile.Rows)
                {
                    tile.Row(item - firstItem)[user] = float.NaN;
                }
            }
        }
    }

    /// <summary>The lists of all lanes: place by place, a row of lanes each.</summary>
    readonly struct Lists(float* scores, int* items, int length, int lanes)
    {
        public readonly float* Scores = scores;
        public readonly int* Items = items;
        public readonly int Length = length;
        public readonly int Lanes = lanes;

        public void Clear()
        {
            new Span<float>(Scores, Length * Lanes).Fill(float.NegativeInfinity);
            new Span<int>(Items, Length * Lanes).Fill(-1);
        }

        public void Write(int lane, int itemCount, ReadOnlySpan<int> seen, Span<int> chosen, Span<float> scores)
        {
            for (var place = 0; place < chosen.Length; place++)
            {
                chosen[place] = Items[(place * Lanes) + lane];
                scores[place] = Scores[(place * Lanes) + lane];
            }

            if (chosen[^1] < 0)
            {
                FillUp(itemCount, seen, chosen);
            }
        }

        /// <summary>A list with room has taken every item whose score is above -∞; the others follow by row.</summary>
        static void FillUp(int itemCount, ReadOnlySpan<int> seen, Span<int> chosen)
        {
            var count = chosen.IndexOf(-1);
            for (var item = 0; item < itemCount && count < chosen.Length; item++)
            {
                if (!chosen[..count].Contains(item) && !seen.Contains(item))
                {
                    chosen[count++] = item;
                }
            }
        }
    }
}
