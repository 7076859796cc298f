using System.Numerics;
using System.Runtime.InteropServices;

namespace Pipeline.Scoring.Statistics;

/// <summary>Sums of the same rows under many weightings, as resampling and permutation need them.</summary>
/// <remarks>
/// A tile of rows stays in the cache while every weighting passes over it. Each sum takes its rows in their order, column by column, so
/// that neither the tiles nor the width of a vector changes a bit of it.
/// </remarks>
static class WeightedSums
{
    // 128 rows of 16 metrics x 8 lists are 128 KiB. A multiple of four.
    const int TileRows = 128;

    /// <summary>sums[w] += sum over rows r of weights[w, r] x rows[r]</summary>
    /// <param name="weights">The weights of weighting w begin at w x stride, one per row.</param>
    /// <param name="sums">[weightings, columns], added to.</param>
    public static void Add(ReadOnlySpan<int> weights, int stride, UserValues rows, Span<double> sums)
    {
        var columns = rows.Columns;
        for (var first = 0; first < rows.Users; first += TileRows)
        {
            var end = Math.Min(first + TileRows, rows.Users);
            for (var w = 0; w < sums.Length / columns; w++)
            {
                var weighting = weights[(w * stride)..];
                var target = sums.Slice(w * columns, columns);
                var row = first;
                for (; row + 4 <= end; row += 4)
                {
                    var (a, b, c, d) = (weighting[row], weighting[row + 1], weighting[row + 2], weighting[row + 3]);
                    if ((a | b | c | d) != 0)
                    {
                        AddFour(rows.Rows(row, 4), a, b, c, d, target);
                    }
                }

                for (; row < end; row++)
                {
                    AddOne(rows.Row(row), weighting[row], target);
                }
            }
        }
    }

    /// <summary>sums += factor x row</summary>
    public static void AddOne(ReadOnlySpan<double> row, double factor, Span<double> sums)
    {
        for (var i = 0; i < row.Length; i++)
        {
            sums[i] += row[i] * factor;
        }
    }

    /// <summary>The same as four times AddOne, with the sums fetched and stored once.</summary>
    /// <param name="rows">[4, columns]</param>
    static void AddFour(ReadOnlySpan<double> rows, double a, double b, double c, double d, Span<double> sums)
    {
        var columns = sums.Length;
        ref var first = ref MemoryMarshal.GetReference(rows[..(4 * columns)]);
        ref var target = ref MemoryMarshal.GetReference(sums);
        var i = 0;
        for (; i <= columns - Vector<double>.Count; i += Vector<double>.Count)
        {
            var sum = Vector.LoadUnsafe(ref target, (nuint)i);
            sum += Vector.LoadUnsafe(ref first, (nuint)i) * a;
            sum += Vector.LoadUnsafe(ref first, (nuint)(i + columns)) * b;
            sum += Vector.LoadUnsafe(ref first, (nuint)(i + (2 * columns))) * c;
            sum += Vector.LoadUnsafe(ref first, (nuint)(i + (3 * columns))) * d;
            sum.StoreUnsafe(ref target, (nuint)i);
        }

        for (; i < columns; i++)
        {
            var sum = sums[i];
            sum += rows[i] * a;
            sum += rows[i + columns] * b;
            sum += rows[i + (2 * columns)] * c;
            sum += rows[i + (3 * columns)] * d;
            sums[i] = sum;
        }
    }
}
