using Pipeline.Host.Terminal;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Artifacts;

/// <summary>What differs between two generations of an artifact.</summary>
/// <param name="What">"rows", "column age", "option steps", "input 2-features/users".</param>
/// <param name="Before">Empty where there was nothing.</param>
/// <param name="Now">Empty where there is nothing any more.</param>
sealed record GenerationDiff(string What, string Before, string Now)
{
    /// <summary>In the order in which a reader looks for causes: content, schema, options, inputs, tool.</summary>
    public static IReadOnlyList<GenerationDiff> Of(Manifest before, Manifest now) =>
    [
        .. Changed("rows", before.Rows is { } old ? Phrase.Count(old) : "", now.Rows is { } rows ? Phrase.Count(rows) : ""),
        .. Changed("bytes", Phrase.Count(before.Bytes), Phrase.Count(now.Bytes)),
        .. Changed("data", Origin(before), Origin(now)),
        .. Changed("column", Columns(before), Columns(now)),
        .. Options("option", before, now),
        .. Changed("input", Inputs(before), Inputs(now)),
        .. Changed("stage version", $"{before.StageVersion}", $"{now.StageVersion}"),
        .. Changed("tool version", before.ToolVersion, now.ToolVersion),
        .. Changed("vector width", before.Simd, now.Simd),
    ];

    /// <param name="kind">Goes before each option's name.</param>
    public static IEnumerable<GenerationDiff> Options(string kind, Manifest before, Manifest now) => Changed(kind, JsonLeaves.Of(before.Options), JsonLeaves.Of(now.Options));

    /// <summary>"generated" or "real".</summary>
    public static string Origin(Manifest manifest) => manifest.Synthetic ? "generated" : "real";

    static IEnumerable<GenerationDiff> Changed(string what, string before, string now) => before == now ? [] : [new GenerationDiff(what, before, now)];

    static IEnumerable<GenerationDiff> Changed(string kind, IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> now) => before.Keys.Union(now.Keys)
        .SelectMany(name => Changed($"{kind} {name}", before.GetValueOrDefault(name, ""), now.GetValueOrDefault(name, "")));

    static Dictionary<string, string> Columns(Manifest manifest) =>
        (manifest.Schema ?? []).ToDictionary(column => column.Name, column => column.IsOptional ? $"{column.Type}, may be null" : column.Type, StringComparer.Ordinal);

    static Dictionary<string, string> Inputs(Manifest manifest) => manifest.Parents.GroupBy(parent => parent.Seed is { } seed ? $"{parent.Name} (seed {seed})" : parent.Name)
        .ToDictionary(parents => parents.Key, parents => string.Join(", ", parents.Select(parent => parent.Fingerprint[..DataRoot.NameLength])), StringComparer.Ordinal);
}
