using System.Runtime.CompilerServices;
using Pipeline.Kernels.Cpu;
using Pipeline.Kernels.Simd;

namespace Pipeline.Kernels;

/// <summary>The nearest of some centroids to each of many points; of several as near the first.</summary>
/// <remarks>
/// <code>nearest[p] = argmin(c) |x[p] - y[c]|² = argmax(c) (x[p] y[c] - |y[c]|² / 2)</code>
/// A lane of a vector is a point. The products of two vectors of points with a tile of centroids stay in the first cache; of each lane only
/// the best is kept. Every sum runs over the columns in order.
/// </remarks>
public static unsafe class NearestCentroid
{
    /// <summary>Centroids of a tile: with 2 x 16 points 16 KiB of products.</summary>
    const int TileCentroids = 128;

    /// <param name="points">[P, width], finite</param>
    /// <param name="centroids">[C, width], finite; at least one</param>
    /// <param name="nearest">[P], overwritten: rows of the centroids.</param>
    /// <param name="distances">[P], overwritten: squared distances, at least 0; off by some 1e-6 of |x|², since they are differences.</param>
    public static void Find(ReadOnlySpan<float> points, ReadOnlySpan<float> centroids, int width, Span<int> nearest, Span<float> distances)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (points.Length != (long)nearest.Length * width || distances.Length != nearest.Length || centroids.IsEmpty || centroids.Length % width != 0)
        {
            throw new ArgumentException(
                $"{points.Length} floats of points, {centroids.Length} of centroids, {nearest.Length} and {distances.Length} results: not rows of width {width}.");
        }

        fixed (float* point = points, centroid = centroids, distance = distances)
        fixed (int* found = nearest)
        {
            var all = new MatrixView(point, nearest.Length, width, width);
            var some = new MatrixView(centroid, centroids.Length / width, width, width);
            switch (SimdLevel.Width)
            {
                case 16:
                    Find<V512>(all, some, found, distance);
                    break;
                case 8:
                    Find<V256>(all, some, found, distance);
                    break;
                default:
                    Find<V128>(all, some, found, distance);
                    break;
            }
        }
    }

    internal static void Find<T>(MatrixView points, MatrixView centroids, int* nearest, float* distances)
        where T : struct, IVector<T>
    {
        var lanes = 2 * T.Width;
        using var scratch = new Scratch();
        var panel = new MatrixView(scratch.Reserve(((long)lanes * (points.Columns + TileCentroids + 2)) + centroids.Rows), points.Columns, lanes, lanes);
        new Span<float>(panel.Data, panel.Rows * lanes).Clear();
        var tile = new MatrixView(panel.Row(panel.Rows), TileCentroids, lanes, lanes);
        float* best = tile.Row(TileCentroids), bestRow = best + lanes, halfNorms = bestRow + lanes;
        HalfNorms(centroids, halfNorms);
        for (var first = 0; first < points.Rows; first += lanes)
        {
            var block = points.Block(first, lanes);
            Packing.Transposed(block, lanes, panel.Data);
            new Span<float>(best, lanes).Fill(float.NegativeInfinity);
            for (var start = 0; start < centroids.Rows; start += TileCentroids)
            {
                var part = centroids.Block(start, TileCentroids);
                SmallProduct.Run<T>(part.Data, part.Stride, 1, panel, tile.Block(0, part.Rows));
                Choose<T>(tile.Block(0, part.Rows), halfNorms, start, best, bestRow);
                Choose<T>(tile.Block(0, part.Rows).Strip(T.Width, T.Width), halfNorms, start, best + T.Width, bestRow + T.Width);
            }

            Distances<T>(panel, best);
            for (var lane = 0; lane < block.Rows; lane++)
            {
                nearest[first + lane] = ((int*)bestRow)[lane];
                distances[first + lane] = best[lane];
            }
        }
    }

    static void HalfNorms(MatrixView centroids, float* halfNorms)
    {
        for (var row = 0; row < centroids.Rows; row++)
        {
            double sum = 0;
            for (var column = 0; column < centroids.Columns; column++)
            {
                sum += (double)centroids.Row(row)[column] * centroids.Row(row)[column];
            }

            halfNorms[row] = (float)(sum / 2);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Choose<T>(MatrixView tile, float* halfNorms, int first, float* best, float* bestRow)
        where T : struct, IVector<T>
    {
        T value = T.Load(best), row = T.Load(bestRow);
        for (var i = 0; i < tile.Rows; i++)
        {
            var score = T.Load(tile.Row(i)) - T.Create(halfNorms[first + i]);
            var above = score - value;
            value = T.IfPositive(above, score, value);

            // Row numbers travel as the bits of floats: selects and stores leave them alone.
            row = T.IfPositive(above, T.Create(BitConverter.Int32BitsToSingle(first + i)), row);
        }

        T.Store(value, best);
        T.Store(row, bestRow);
    }

    /// <summary>best[p] = max(0, |x[p]|² - 2 best[p])</summary>
    static void Distances<T>(MatrixView panel, float* best)
        where T : struct, IVector<T>
    {
        for (var lane = 0; lane < panel.Columns; lane += T.Width)
        {
            var norm = T.Zero;
            for (var column = 0; column < panel.Rows; column++)
            {
                var x = T.Load(panel.Row(column) + lane);
                norm = T.MultiplyAdd(x, x, norm);
            }

            T.Store(T.AtLeast(T.MultiplyAdd(T.Create(-2), T.Load(best + lane), norm), T.Zero), best + lane);
        }
    }
}
