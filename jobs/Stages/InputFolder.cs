namespace Pipeline.Stages;

/// <summary>A finished generation that a stage reads: the one that the plan pinned, whatever `current` says meanwhile.</summary>
public sealed record InputFolder(Artifact Artifact, int? Seed, string Path, Manifest Manifest)
{
    /// <summary>Absolute path of a file in this folder.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);
}
