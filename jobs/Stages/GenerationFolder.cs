namespace Pipeline.Stages;

/// <summary>A generation found on disk.</summary>
/// <param name="Artifact">Folder of the artifact below the dataset's, with forward slashes.</param>
/// <param name="Name">Name of the generation's folder.</param>
/// <param name="Path">Absolute.</param>
/// <param name="IsCurrent">True if `current` points at it.</param>
public sealed record GenerationFolder(string Artifact, string Name, string Path, GenerationState State, bool IsCurrent);

public enum GenerationState
{
    /// <summary>Has its final name; complete if its manifest is.</summary>
    Finished,

    /// <summary>Being made, or left by a run that did not end well.</summary>
    Partial,

    /// <summary>Out of sight, on its way to being deleted.</summary>
    Removed,
}
