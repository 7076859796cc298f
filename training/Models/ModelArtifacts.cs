using Pipeline.Stages;

namespace Pipeline.Models;

/// <summary>Where trained models lie.</summary>
public static class ModelArtifacts
{
    /// <param name="tower">"mamba" or "transformer".</param>
    public static Artifact Of(string tower) => new($"{tower} model", $"3-models/{tower}");
}
