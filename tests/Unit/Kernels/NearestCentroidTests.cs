using Pipeline.Kernels;
using Pipeline.Kernels.Simd;
using Pipeline.Stages;

namespace Pipeline.Unit.Kernels;

public sealed unsafe class NearestCentroidTests
{
    delegate void Finder(MatrixView points, MatrixView centroids, int* nearest, float* distances);

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(33, 5, 3)]
    [InlineData(70, 130, 32)]
    [InlineData(64, 300, 7)]
    public void Every_width_finds_what_a_plain_search_in_double_finds(int points, int centroids, int width)
    {
        float[] x = Some("points", points * width), y = Some("centroids", centroids * width);
        foreach (var find in new Finder[] { NearestCentroid.Find<V128>, NearestCentroid.Find<V256>, NearestCentroid.Find<V512> })
        {
            var (nearest, distances) = (new int[points], new float[points]);
            fixed (float* px = x, py = y, distance = distances)
            fixed (int* found = nearest)
            {
                find(new MatrixView(px, points, width, width), new MatrixView(py, centroids, width, width), found, distance);
            }

            for (var point = 0; point < points; point++)
            {
                var all = Enumerable.Range(0, centroids).Select(centroid => Squared(x, point, y, centroid, width)).ToArray();
                Assert.Equal(all.Min(), all[nearest[point]], 1e-5);
                Assert.Equal(all.Min(), distances[point], 1e-5);
            }
        }
    }

    [Fact]
    public void Of_equal_centroids_the_first_is_taken()
    {
        var (nearest, distances) = (new int[3], new float[3]);
        NearestCentroid.Find([1, 2, 3], [5, 2, 2, 5], 1, nearest, distances);

        Assert.Equal([1, 1, 1], nearest);
        Assert.Equal([1, 0, 1], distances);
    }

    [Fact]
    public void Lengths_that_do_not_agree_are_refused() =>
        Assert.Throws<ArgumentException>(() => NearestCentroid.Find([1, 2, 3], [1, 2], 2, new int[1], new float[1]));

    static double Squared(float[] x, int point, float[] y, int centroid, int width) =>
        Enumerable.Range(0, width).Sum(column => Math.Pow((double)x[(point * width) + column] - y[(centroid * width) + column], 2));

    static float[] Some(string purpose, int count)
    {
        var random = new RandomStream(3, purpose);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextFloat() - 0.5f)];
    }
}
