using Pipeline.Kernels;

namespace Pipeline.Features.Clusters;

/// <summary>Points in blocks, which threads take and whose sums are added in order: the same bytes for any number of threads.</summary>
/// <param name="points">[count, width]</param>
sealed class PointBlocks(ReadOnlyMemory<float> points, int width, int threads)
{
    // The cut follows from the number of points alone. Many blocks for many threads, but a bounded memory for their sums.
    const int SmallestBlock = 4096, MostBlocks = 256;

    public int Width => width;

    public int Count { get; } = points.Length / width;

    public int BlockSize => Math.Max(SmallestBlock, (Count + MostBlocks - 1) / MostBlocks);

    public int Blocks => (Count + BlockSize - 1) / BlockSize;

    public ReadOnlySpan<float> this[int point] => points.Span.Slice(point * width, width);

    /// <summary>Calls for every block, on all threads: its number, its first point, and how many it has.</summary>
    public void ForEach(Action<int, int, int> work)
    {
        var size = BlockSize;
        Parallel.For(0, Blocks, new ParallelOptions { MaxDegreeOfParallelism = threads }, block =>
        {
            var first = block * size;
            work(block, first, Math.Min(size, Count - first));
        });
    }

    /// <summary>Finds each point's nearest centroid and the squared distance to it.</summary>
    public void Assign(float[] centroids, int[] clusterOf, float[] distances) => ForEach((_, first, count) => NearestCentroid.Find(
        points.Span.Slice(first * width, count * width), centroids, width, clusterOf.AsSpan(first, count), distances.AsSpan(first, count)));
}
