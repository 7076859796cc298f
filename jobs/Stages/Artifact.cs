namespace Pipeline.Stages;

/// <summary>A folder that one stage writes and others read, below `data/DATASET/`.</summary>
/// <param name="Title">What it holds, for people: "popular items".</param>
/// <param name="Folder">Where it lies, with forward slashes: "4-topk/popular". Generations are folders in it.</param>
public sealed record Artifact(string Title, string Folder);
