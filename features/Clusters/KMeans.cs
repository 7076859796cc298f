using Pipeline.Stages;

namespace Pipeline.Features.Clusters;

/// <summary>Clusters points so that the sum of their squared distances to the means of their clusters is small.</summary>
/// <remarks>
/// Lloyd's iteration from k-means++ starts. Source: Lloyd 1982, "Least squares quantization in PCM". The bytes are the same for any
/// number of threads: sums are made by blocks of points that follow from their number, and added in order.
/// </remarks>
public static class KMeans
{
    /// <param name="points">[count, width], finite; at least as many as clusters.</param>
    /// <param name="random">The stream of a start by its number.</param>
    /// <exception cref="ArgumentException">There are fewer points than clusters, or a number is not finite.</exception>
    public static Clustering Fit(
        ReadOnlyMemory<float> points, int width, int clusters, KMeansOptions options, Func<uint, RandomStream> random, int threads, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(clusters);
        var blocks = new PointBlocks(points, width, threads);
        if (blocks.Count < clusters)
        {
            throw new ArgumentException($"{blocks.Count} points cannot make {clusters} clusters.");
        }

        if (!System.Numerics.Tensors.TensorPrimitives.IsFiniteAll(points.Span))
        {
            throw new ArgumentException("A coordinate of a point is not finite.");
        }

        Clustering? best = null;
        for (uint start = 0; start < options.Restarts; start++)
        {
            var found = Refine(blocks, KMeansSeeding.Draw(blocks, clusters, random(start)), options, cancellation);
            best = best is null || found.Inertia < best.Inertia ? found : best;
        }

        return best!;
    }

    /// <summary>Lloyd's iteration from given centroids.</summary>
    /// <param name="centroids">[clusters, width]</param>
    public static Clustering Refine(
        ReadOnlyMemory<float> points, int width, float[] centroids, KMeansOptions options, int threads, CancellationToken cancellation) =>
        Refine(new PointBlocks(points, width, threads), [.. centroids], options, cancellation);

    /// <summary>The nearest of some centroids to each point.</summary>
    /// <param name="clusterOf">[count], overwritten.</param>
    public static void Assign(ReadOnlyMemory<float> points, int width, float[] centroids, int[] clusterOf, int threads) =>
        new PointBlocks(points, width, threads).Assign(centroids, clusterOf, new float[clusterOf.Length]);

    static Clustering Refine(PointBlocks points, float[] centroids, KMeansOptions options, CancellationToken cancellation)
    {
        var (clusterOf, distances) = (new int[points.Count], new float[points.Count]);
        var means = new ClusterMeans(points, centroids.Length / points.Width);
        var enough = options.Tolerance > 0 ? options.Tolerance * means.MeanVariance() : 0;
        var (iterations, hasConverged) = (0, false);
        while (!hasConverged && iterations < options.Iterations)
        {
            cancellation.ThrowIfCancellationRequested();
            iterations++;
            points.Assign(centroids, clusterOf, distances);
            hasConverged = means.Move(centroids, clusterOf, distances) <= enough;
        }

        // The centroids have moved once more since the points were assigned.
        points.Assign(centroids, clusterOf, distances);
        return new Clustering(centroids, clusterOf, means.Inertia(centroids, clusterOf), iterations, hasConverged);
    }
}
