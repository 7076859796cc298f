namespace Pipeline.Features.Clusters;

/// <summary>Points by falling distance to their centroid; of several as far the first. Sorts only when asked, which is seldom.</summary>
sealed class FarthestPoints(float[] distances)
{
    int[]? order;
    int next;

    /// <summary>The next point, each once.</summary>
    public int Next()
    {
        order ??= [.. Enumerable.Range(0, distances.Length).OrderByDescending(point => distances[point])];
        return order[next++];
    }
}
