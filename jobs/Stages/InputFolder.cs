namespace Pipeline.Stages;

/// <summary>A finished generation that a stage reads: the one that the plan pinned, whatever `current` says meanwhile.</summary>
public sealed record InputFolder(Artifact Artifact, int? Seed, string Path, Manifest Manifest)
{
    /// <summary>Absolute path of a file in this folder, which need not be there.</summary>
    /// <exception cref="PipelineException">A link lies there, or the name leads out of the folder (InputMissing).</exception>
    public string File(string name) => PartFile.Of(Path, name);
}
