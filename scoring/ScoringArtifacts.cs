using Pipeline.Stages;

namespace Pipeline.Scoring;

/// <summary>Where lists and reports lie.</summary>
public static class ScoringArtifacts
{
    /// <summary>report.html and metrics.json, over all seeds.</summary>
    public static readonly Artifact Report = new("evaluation report", "5-report");

    /// <summary>The lists of the test users, one generation per seed.</summary>
    /// <param name="list">A tower or a baseline: "mamba", "popularity".</param>
    public static Artifact TestLists(string list) => new($"{list} lists of the test users", $"4-topk/{list}-test");

    /// <summary>The lists of every user of the population, from the first seed's model: what is published.</summary>
    public static Artifact Export(string tower) => new($"{tower} lists of all users", $"4-topk/{tower}");
}
