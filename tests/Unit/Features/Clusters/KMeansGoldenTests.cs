using System.Globalization;
using Pipeline.Features.Clusters;
using Pipeline.Models;
using Pipeline.Stages;

namespace Pipeline.Unit.Features.Clusters;

/// <summary>k-means finds what scikit-learn finds. tests/Golden/cluster_cases.py makes the points.</summary>
public sealed class KMeansGoldenTests
{
    [Theory]
    [InlineData("kmeans-blobs")]
    [InlineData("kmeans-digits")]
    public void The_best_of_ten_starts_is_as_good_as_that_of_scikit_learn(string name)
    {
        var (points, width, clusters, inertia, _) = Read(name);

        var found = KMeans.Fit(points, width, clusters, new KMeansOptions { Restarts = 10 }, start => new RandomStream(1, "k-means", start), 2, default);

        // Other starts may end in another place that is nearly as good.
        Assert.InRange(found.Inertia, 0, 1.01 * inertia);
    }

    [Theory]
    [InlineData("kmeans-blobs")]
    [InlineData("kmeans-digits")]
    public void The_same_start_ends_in_the_same_place(string name)
    {
        var (points, width, clusters, _, inertia) = Read(name);

        var found = KMeans.Refine(points, width, points[..(clusters * width)], new KMeansOptions { Iterations = 1_000, Tolerance = 0 }, 2, default);

        // Distances in float may put a point between two centroids to the other one.
        Assert.InRange(found.Inertia, 0.999 * inertia, 1.001 * inertia);
    }

    static (float[] Points, int Width, int Clusters, double Best, double FromFirstPoints) Read(string name)
    {
        var file = SafeTensors.Read(Path.Combine(AppContext.BaseDirectory, "Golden", $"{name}.safetensors"));
        double Number(string key) => double.Parse(file.Metadata[key], CultureInfo.InvariantCulture);
        return (file.Tensors["points"].Floats, file.Tensors["points"].Shape[1], (int)Number("clusters"), Number("inertia"), Number("inertiaFromFirstPoints"));
    }
}
