using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Stages.Configuration;

namespace Pipeline.Stages;

/// <summary>A name for everything that the output of a stage depends on: equal fingerprints, equal bytes.</summary>
public static class Fingerprint
{
    /// <summary>The options of a stage as they enter its fingerprint and its manifest.</summary>
    public static JsonNode Options(IStage stage) => JsonSerializer.SerializeToNode(stage.Options, stage.Options.GetType(), OptionsFormat.Json)!;

    /// <summary>True for 64 hexadecimal digits. What was read somewhere is asked before it names a folder.</summary>
    internal static bool IsOne(string? text) => text is { Length: 64 } && !text.AsSpan().ContainsAnyExcept("0123456789abcdef");

    /// <summary>64 hexadecimal digits: SHA-256 of the canonical JSON of name, version, options, seeds and parents.</summary>
    /// <param name="parents">What it reads, in its order. Of a raw folder only the contents count, not where it lies.</param>
    public static string Of(StageNode node, JsonNode options, IReadOnlyList<ManifestParent> parents) => CanonicalJson.Digest(new JsonObject
    {
        ["stage"] = node.Path,
        ["version"] = node.Stage.Version,
        ["options"] = options.DeepClone(),
        ["seeds"] = new JsonArray([.. node.Seeds.Select(seed => (JsonNode)seed)]),
        ["parents"] = new JsonArray([.. parents.Select(Parent)]),
    });

    static JsonNode Parent(ManifestParent parent) => new JsonObject
    {
        ["name"] = parent.IsRaw ? "raw" : parent.Name,
        ["seed"] = parent.Seed,
        ["fingerprint"] = parent.Fingerprint,
    };
}
