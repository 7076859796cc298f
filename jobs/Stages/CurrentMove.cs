namespace Pipeline.Stages;

/// <summary>Where `current` of an artifact is to point when a node is done.</summary>
/// <param name="Generation">Name of its folder.</param>
/// <param name="IsPinned">True if a rollback holds it there, whatever the node makes.</param>
public sealed record CurrentMove(Artifact Artifact, string Generation, bool IsPinned);
