using System.Numerics.Tensors;

namespace Pipeline.Features.Clusters;

/// <summary>The sums that Lloyd's iteration needs, made block by block and added in order.</summary>
sealed class ClusterMeans(PointBlocks points, int clusters)
{
    readonly float[][] sums = [.. Enumerable.Range(0, points.Blocks).Select(_ => new float[clusters * points.Width])];
    readonly int[][] counts = [.. Enumerable.Range(0, points.Blocks).Select(_ => new int[clusters])];
    readonly double[] total = new double[clusters * points.Width];
    readonly long[] size = new long[clusters];

    /// <summary>Moves every centroid to the mean of its points. A cluster without points is put where a point is farthest from its centroid.</summary>
    /// <param name="distances">Squared, of each point to its centroid.</param>
    /// <returns>Sum of the squared moves.</returns>
    public double Move(float[] centroids, int[] clusterOf, float[] distances)
    {
        var width = points.Width;
        points.ForEach((block, first, count) => Sum(block, first, count, clusterOf));
        AddUp();
        FillEmpty(clusterOf, distances);
        double moved = 0;
        for (var i = 0; i < centroids.Length; i++)
        {
            var next = (float)(total[i] / size[i / width]);
            moved += ((double)next - centroids[i]) * ((double)next - centroids[i]);
            centroids[i] = next;
        }

        return moved;
    }

    /// <summary>Sum of the squared distances, without the rounding that the search for the nearest allows itself.</summary>
    public double Inertia(float[] centroids, int[] clusterOf)
    {
        var width = points.Width;
        var inertia = new double[points.Blocks];
        points.ForEach((block, first, count) =>
        {
            for (var point = first; point < first + count; point++)
            {
                double sum = 0;
                var x = points[point];
                for (var column = 0; column < width; column++)
                {
                    var difference = (double)x[column] - centroids[(clusterOf[point] * width) + column];
                    sum += difference * difference;
                }

                inertia[block] += sum;
            }
        });
        return inertia.Sum();
    }

    /// <summary>Variance of a column, averaged over the columns.</summary>
    public double MeanVariance()
    {
        double sum = 0;
        var width = points.Width;
        var (columnSums, squares) = (new double[width], new double[width]);
        for (var point = 0; point < points.Count; point++)
        {
            var x = points[point];
            for (var column = 0; column < width; column++)
            {
                columnSums[column] += x[column];
                squares[column] += (double)x[column] * x[column];
            }
        }

        for (var column = 0; column < width; column++)
        {
            var mean = columnSums[column] / points.Count;
            sum += Math.Max(0, (squares[column] / points.Count) - (mean * mean));
        }

        return sum / width;
    }

    void AddUp()
    {
        Array.Clear(total);
        Array.Clear(size);
        for (var block = 0; block < sums.Length; block++)
        {
            for (var i = 0; i < total.Length; i++)
            {
                total[i] += sums[block][i];
            }

            for (var cluster = 0; cluster < clusters; cluster++)
            {
                size[cluster] += counts[block][cluster];
            }
        }
    }

    /// <summary>A cluster without points takes the point that is farthest from its centroid, and that point leaves its cluster.</summary>
    void FillEmpty(int[] clusterOf, float[] distances)
    {
        var (width, farthest) = (points.Width, new FarthestPoints(distances));
        for (var cluster = 0; cluster < clusters; cluster++)
        {
            if (size[cluster] > 0)
            {
                continue;
            }

            var point = farthest.Next();
            while (size[clusterOf[point]] == 1)
            {
                point = farthest.Next();
            }

            size[clusterOf[point]]--;
            size[cluster] = 1;
            for (var column = 0; column < width; column++)
            {
                total[(clusterOf[point] * width) + column] -= points[point][column];
                total[(cluster * width) + column] = points[point][column];
            }
        }
    }

    void Sum(int block, int first, int count, int[] clusterOf)
    {
        var width = points.Width;
        Array.Clear(sums[block]);
        Array.Clear(counts[block]);
        for (var point = first; point < first + count; point++)
        {
            var cluster = clusterOf[point];
            counts[block][cluster]++;
            var sum = sums[block].AsSpan(cluster * width, width);
            TensorPrimitives.Add(sum, points[point], sum);
        }
    }
}
