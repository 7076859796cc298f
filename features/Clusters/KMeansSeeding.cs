using Pipeline.Stages;

namespace Pipeline.Features.Clusters;

/// <summary>First centroids: points drawn far from each other.</summary>
/// <remarks>
/// k-means++: the first point uniformly, each next with a probability that grows with the squared distance to the nearest one drawn
/// before. Of several candidates the one that lowers the sum of the squared distances most is taken.
/// Source: Arthur and Vassilvitskii 2007, "k-means++: the advantages of careful seeding", with its greedy variant.
/// </remarks>
static class KMeansSeeding
{
    /// <returns>[clusters, width]</returns>
    public static float[] Draw(PointBlocks points, int clusters, RandomStream random)
    {
        var width = points.Width;
        var centroids = new float[clusters * width];
        var (nearest, candidate) = (new float[points.Count], new float[points.Count]);
        var best = new float[points.Count];
        Array.Fill(nearest, float.PositiveInfinity);
        var trials = 2 + (int)Math.Log(clusters);
        double[] sums = [], bestSums = [];
        for (var cluster = 0; cluster < clusters; cluster++)
        {
            var (chosen, lowest) = (-1, double.PositiveInfinity);
            for (var trial = 0; trial < (cluster == 0 ? 1 : trials); trial++)
            {
                var point = cluster == 0 ? random.NextInt(points.Count) : Pick(points, nearest, sums, random);
                var blockSums = Distances(points, points[point], nearest, candidate);
                var sum = blockSums.Sum();
                if (sum < lowest)
                {
                    (chosen, lowest, bestSums) = (point, sum, blockSums);
                    (best, candidate) = (candidate, best);
                }
            }

            (nearest, best, sums) = (best, nearest, bestSums);
            points[chosen].CopyTo(centroids.AsSpan(cluster * width));
        }

        return centroids;
    }

    /// <summary>min(nearest, squared distance to a point) by point; returns their sums by block.</summary>
    static double[] Distances(PointBlocks points, ReadOnlySpan<float> centre, float[] nearest, float[] result)
    {
        var sums = new double[points.Blocks];
        points.Assign([.. centre], new int[points.Count], result);
        points.ForEach((block, first, count) =>
        {
            double sum = 0;
            for (var point = first; point < first + count; point++)
            {
                result[point] = Math.Min(nearest[point], result[point]);
                sum += result[point];
            }

            sums[block] = sum;
        });
        return sums;
    }

    /// <summary>Draws a point with a probability proportional to its number; any point if all are 0.</summary>
    static int Pick(PointBlocks points, float[] weights, double[] sums, RandomStream random)
    {
        var left = random.NextDouble() * sums.Sum();
        var block = 0;
        while (block < sums.Length - 1 && left >= sums[block])
        {
            left -= sums[block++];
        }

        var last = Math.Min(points.Count, (block + 1) * points.BlockSize) - 1;
        for (var point = block * points.BlockSize; point < last; point++)
        {
            left -= weights[point];
            if (left < 0)
            {
                return point;
            }
        }

        return last;
    }
}
