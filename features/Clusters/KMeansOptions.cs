using System.ComponentModel.DataAnnotations;
using Pipeline.Stages.Configuration;

namespace Pipeline.Features.Clusters;

/// <summary>How points are clustered.</summary>
public sealed record KMeansOptions
{
    [Option("Starts, each from other centroids; the one with the lowest inertia is kept.", Unit = "starts")]
    [Range(1, 1000)]
    public int Restarts { get; init; } = 4;

    [Option("Iterations at most. A run that stops there has not converged, and its manifest says so.", Unit = "iterations")]
    [Range(1, 100_000)]
    public int Iterations { get; init; } = 300;

    [Option("A run has converged when the centroids move by less in all (sum of squares, in units of the columns' mean variance), or no point changes its cluster.")]
    [Range(0.0, 1.0)]
    public double Tolerance { get; init; } = 1e-4;
}
