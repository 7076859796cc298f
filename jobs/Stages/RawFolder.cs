using System.Text.Json.Nodes;

namespace Pipeline.Stages;

/// <summary>The contents of a folder outside the data root.</summary>
/// <param name="Files">SHA-256 by path relative to the folder, with forward slashes.</param>
public sealed record RawFolder(string Path, IReadOnlyDictionary<string, string> Files)
{
    /// <summary>A file of this name says that a raw folder was generated: whatever is made of it is synthetic.</summary>
    public const string GeneratedMark = "GENERATED";

    /// <summary>SHA-256 over the sorted paths and digests of its files.</summary>
    public string Digest { get; } = CanonicalJson.Digest(new JsonObject(Files.Select(file => KeyValuePair.Create(file.Key, (JsonNode?)file.Value))));

    /// <summary>"raw:" and its last name: where it lies does not matter.</summary>
    public string Name => ManifestParent.RawPrefix + System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(Path));

    /// <param name="path">Absolute path of a raw folder.</param>
    public static bool IsGenerated(string path) => File.Exists(System.IO.Path.Combine(path, GeneratedMark));
}
