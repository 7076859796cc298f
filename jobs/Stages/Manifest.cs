using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Pipeline.Stages;

/// <summary>manifest.json: what a generation is and how it came about. Written last; a folder is complete if and only if it has one.</summary>
public sealed record Manifest
{
    public required string Artifact { get; init; }

    /// <summary>64 hexadecimal digits: everything that this generation depends on. Its folder is named by the first 16.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>"spotify/train/mamba".</summary>
    public required string Stage { get; init; }

    public required int StageVersion { get; init; }

    /// <summary>Null for an artifact without seeds.</summary>
    public int? Seed { get; init; }

    /// <summary>True if it is, or derives from, generated data.</summary>
    public required bool Synthetic { get; init; }

    /// <summary>Total of the table parts; null where there is none.</summary>
    public long? Rows { get; init; }

    public required long Bytes { get; init; }

    /// <summary>Null unless the artifact is a table.</summary>
    public IReadOnlyList<SchemaColumn>? Schema { get; init; }

    /// <summary>In ordinal order of their paths.</summary>
    public required IReadOnlyList<ManifestPart> Parts { get; init; }

    public required JsonNode Options { get; init; }

    /// <summary>The generations it was made from, by artifact folder (and seed): fingerprints. Raw folders: digest of their contents.</summary>
    public required IReadOnlyList<ManifestParent> Parents { get; init; }

    /// <summary>Counts and rates that the stage noted.</summary>
    public required JsonObject Facts { get; init; }

    public required string ToolVersion { get; init; }

    /// <summary>Vector width that computed it ("avx512", "avx2", "vector128"): bytes of floats repeat per width.</summary>
    public required string Simd { get; init; }
}

/// <param name="Path">Relative, with forward slashes.</param>
/// <param name="Rows">Null for a part that is no table.</param>
public sealed record ManifestPart(string Path, long Bytes, string Sha256, long? Rows);

/// <param name="Name">Artifact folder, or "raw:" and the folder's given name.</param>
public sealed record ManifestParent(string Name, int? Seed, string Fingerprint)
{
    internal const string RawPrefix = "raw:";

    /// <summary>True if it leads to a generation of its dataset, or names a raw folder, which leads nowhere.</summary>
    internal static bool IsSound(ManifestParent? parent) => parent is not null && Pipeline.Stages.Fingerprint.IsOne(parent.Fingerprint) && (parent.IsRaw || PartFile.IsName(parent.Name));

    /// <summary>True for a folder outside the data root.</summary>
    [JsonIgnore]
    public bool IsRaw => Name.StartsWith(RawPrefix, StringComparison.Ordinal);
}
