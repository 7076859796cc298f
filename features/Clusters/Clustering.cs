namespace Pipeline.Features.Clusters;

/// <summary>What k-means found.</summary>
/// <param name="Centroids">[clusters, width]</param>
/// <param name="ClusterOf">By point: its nearest centroid.</param>
/// <param name="Inertia">Sum of the squared distances of the points to their centroids.</param>
/// <param name="Iterations">That the best start took.</param>
/// <param name="HasConverged">False if it was stopped by the number of iterations.</param>
public sealed record Clustering(float[] Centroids, int[] ClusterOf, double Inertia, int Iterations, bool HasConverged);
