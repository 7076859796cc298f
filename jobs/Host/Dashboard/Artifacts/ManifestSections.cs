using System.Text.Json.Nodes;
using Pipeline.Host.Terminal;
using Pipeline.Scoring.Report;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Artifacts;

/// <summary>What a manifest says, as parts of a page.</summary>
static class ManifestSections
{
    /// <param name="dataset">That it belongs to, for the links to what it was made from.</param>
    public static IEnumerable<Markup> Of(Manifest manifest, string dataset)
    {
        yield return Show.Section("facts", "What it is", Pairs("Of the generation.", Facts(manifest)));
        if (manifest.Schema is { Count: > 0 } schema)
        {
            yield return Show.Section("schema", "Schema", HtmlPage.Table(
                $"{Numbers.Of(schema.Count, "column")}.", ["column", "type", "null"], schema.Select(column => (IReadOnlyList<string>)[column.Name, column.Type, column.IsOptional ? "may be" : "never"])));
        }

        yield return Show.Section("inputs", "Made from", Parents(manifest, dataset));
        yield return Show.Section("options", "Options", Pairs($"Of the stage {manifest.Stage}, as they are part of the fingerprint.", Leaves(manifest.Options)));
        yield return Show.Section("parts", "Parts", Show.Table(
            "Every file, and the digest of its bytes.",
            ["file", "rows ", "bytes ", "SHA-256"],
            manifest.Parts.Select(part => (IReadOnlyList<Markup>)
                [part.Path, part.Rows is { } rows ? Phrase.Count(rows) : "", Phrase.Count(part.Bytes), Code(part.Sha256)])));
    }

    /// <summary>A name of hexadecimal digits.</summary>
    public static Element Code(string text) => new("code") { text };

    static IEnumerable<(string, string)> Facts(Manifest manifest) =>
    [
        ("fingerprint", manifest.Fingerprint),
        ("stage", $"{manifest.Stage}, version {manifest.StageVersion}"),
        ("seed", manifest.Seed is { } seed ? $"{seed}" : "none"),
        ("data", manifest.Synthetic ? "generated" : "real"),
        ("rows", manifest.Rows is { } rows ? Phrase.Count(rows) : "no table"),
        ("size", Phrase.Bytes(manifest.Bytes)),
        ("tool", $"{manifest.ToolVersion}, {manifest.Simd}"),
        .. Leaves(manifest.Facts),
    ];

    static IEnumerable<(string, string)> Leaves(JsonNode node) => JsonLeaves.Of(node).Select(leaf => (leaf.Key, leaf.Value));

    static Markup Pairs(string caption, IEnumerable<(string Name, string Value)> pairs) =>
        pairs.ToList() is { Count: > 0 } rows ? HtmlPage.Table(caption, ["name", "value"], rows.Select(row => (IReadOnlyList<string>)[row.Name, row.Value])) : HtmlPage.Paragraph("None.");

    static Markup Parents(Manifest manifest, string dataset) => manifest.Parents.Count == 0 ? HtmlPage.Paragraph("Nothing: it is drawn anew from its options and its seed.") : Show.Table(
        "The generations that were read. The same fingerprint means the same content.",
        ["input", "seed ", "generation"],
        manifest.Parents.Select(parent => (IReadOnlyList<Markup>)
        [
            parent.Name,
            parent.Seed is { } seed ? $"{seed}" : "",
            parent.IsRaw ? Code(parent.Fingerprint[..DataRoot.NameLength]) : Show.Link(ArtifactView.Address(dataset, parent.Name, parent.Fingerprint[..DataRoot.NameLength]), parent.Fingerprint[..DataRoot.NameLength]),
        ]));
}
