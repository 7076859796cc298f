using Pipeline.Features.Clusters;
using Pipeline.Stages;

namespace Pipeline.Unit.Features.Clusters;

public sealed class KMeansTests
{
    static readonly KMeansOptions Exact = new() { Tolerance = 0, Restarts = 1 };

    [Fact]
    public void Points_around_four_corners_are_four_clusters()
    {
        float[] corners = [-10, -10, 10, -10, -10, 10, 10, 10];
        var points = Blobs(corners, 2, 1000, 1);

        var found = Fit(points, 2, 4, new KMeansOptions(), 1);

        Assert.True(found.HasConverged);
        for (var corner = 0; corner < 4; corner++)
        {
            var cluster = found.ClusterOf[corner];
            Assert.All(Enumerable.Range(0, 250), i => Assert.Equal(cluster, found.ClusterOf[(i * 4) + corner]));
            Assert.Equal(corners[corner * 2], found.Centroids[cluster * 2], 0.2f);
            Assert.Equal(corners[(corner * 2) + 1], found.Centroids[(cluster * 2) + 1], 0.2f);
        }
    }

    [Fact]
    public void Every_number_of_threads_gives_the_same_bytes()
    {
        var points = Blobs([.. Enumerable.Range(0, 7 * 5).Select(i => (i * 37 % 11) - 5f)], 5, 20_000, 3);

        var one = Fit(points, 5, 9, new KMeansOptions(), 1);

        foreach (var threads in new[] { 2, 3 })
        {
            var other = Fit(points, 5, 9, new KMeansOptions(), threads);
            Assert.Equal(one.Centroids, other.Centroids);
            Assert.Equal(one.ClusterOf, other.ClusterOf);
            Assert.Equal(one.Inertia, other.Inertia);
        }
    }

    [Fact]
    public void No_iteration_raises_the_inertia_and_the_end_is_a_fixed_point()
    {
        var points = Blobs([.. Enumerable.Range(0, 4 * 3).Select(i => (i * 5 % 7) - 3f)], 3, 3_000, 2.5f);
        float[] centroids = [.. points.Take(6 * 3)];
        var last = double.PositiveInfinity;
        for (var iterations = 1; iterations < 30; iterations++)
        {
            var found = KMeans.Refine(points, 3, centroids, Exact with { Iterations = iterations }, 2, default);
            Assert.True(found.Inertia <= last * (1 + 1e-6), $"{iterations} iterations: {found.Inertia} after {last}");
            last = found.Inertia;
        }

        var end = KMeans.Refine(points, 3, centroids, Exact, 2, default);
        Assert.True(end.HasConverged);
        Assert.Equal(end.Centroids, KMeans.Refine(points, 3, end.Centroids, Exact with { Iterations = 1 }, 2, default).Centroids);
    }

    [Fact]
    public void A_cluster_that_loses_its_points_is_put_where_a_point_is_farthest()
    {
        float[] points = [0, 1, 2, 100];

        // Nothing is nearest to the third centroid.
        var found = KMeans.Refine(points, 1, [0, 2, 1_000], Exact with { Iterations = 1 }, 1, default);

        Assert.Equal(3, found.ClusterOf.Distinct().Count());
        Assert.Equal(100, found.Centroids[2]);
    }

    [Fact]
    public void As_many_clusters_as_points_leave_no_distance()
    {
        float[] points = [.. Enumerable.Range(0, 25).Select(i => (float)(i * i))];

        var found = Fit(points, 1, 25, new KMeansOptions(), 1);

        Assert.Equal(0, found.Inertia);
        Assert.Equal(25, found.ClusterOf.Distinct().Count());
    }

    [Fact]
    public void A_run_that_is_stopped_says_that_it_has_not_converged() =>
        Assert.False(Fit(Blobs([0, 0], 2, 5_000, 5), 2, 8, Exact with { Iterations = 1 }, 1).HasConverged);

    [Fact]
    public void Fewer_points_than_clusters_are_refused() =>
        Assert.Equal("2 points cannot make 3 clusters.", Assert.Throws<ArgumentException>(() => Fit([1, 2], 1, 3, Exact, 1)).Message);

    [Fact]
    public void A_point_that_is_no_number_is_refused() => Assert.Throws<ArgumentException>(() => Fit([1, float.NaN, 2], 1, 2, Exact, 1));

    static Clustering Fit(float[] points, int width, int clusters, KMeansOptions options, int threads) =>
        KMeans.Fit(points, width, clusters, options, start => new RandomStream(7, "k-means", start), threads, default);

    /// <summary>Points around centres by turns; each coordinate is off by a triangle distribution of this width.</summary>
    static float[] Blobs(float[] centres, int width, int count, float spread)
    {
        var random = new RandomStream(1, "blobs");
        var points = new float[count * width];
        for (var i = 0; i < points.Length; i++)
        {
            points[i] = centres[i % centres.Length] + ((random.NextFloat() - random.NextFloat()) * spread);
        }

        return points;
    }
}
