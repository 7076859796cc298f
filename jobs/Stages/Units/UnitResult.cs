using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Stages.Units;

/// <summary>What a finished unit left in its folders. Travels as JSON with the word that it is done, so a folder without it counts for nothing.</summary>
/// <param name="Outputs">In the order of the stage's Writes.</param>
/// <param name="Log">What the stage said.</param>
public sealed record UnitResult(IReadOnlyList<UnitOutput> Outputs, IReadOnlyList<string> Log)
{
    public string ToJson() => JsonSerializer.Serialize(this, WorkUnit.Json);

    /// <exception cref="JsonException">It is none.</exception>
    public static UnitResult FromJson(string text)
    {
        var result = JsonSerializer.Deserialize<UnitResult>(text, WorkUnit.Json) ?? throw new JsonException("It is null.");
        return result.Outputs.All(output => output.Files.All(file => PartFile.IsName(file.Path)) && output.Rows.Keys.All(PartFile.IsName))
            ? result
            : throw new JsonException("It names a file elsewhere.");
    }
}

/// <param name="Files">In ordinal order of their paths.</param>
/// <param name="Schema">Null unless the artifact is a table.</param>
/// <param name="Rows">Per part that is a table.</param>
public sealed record UnitOutput(
    IReadOnlyList<UnitFile> Files, IReadOnlyList<SchemaColumn>? Schema, IReadOnlyDictionary<string, long> Rows, JsonObject Facts);

/// <param name="Path">Relative, with forward slashes.</param>
public sealed record UnitFile(string Path, long Bytes);

/// <summary>One taking of a unit: its folders bear both numbers, so that no two takers ever write the same file.</summary>
/// <param name="Id">Of the unit.</param>
/// <param name="Fence">How often it has been taken, this time included.</param>
public sealed record UnitTake(long Id, long Fence)
{
    internal string FolderName => $"{Id}-{Fence}";
}
