using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Bench;

/// <summary>Results as a table for people, as a JSON object per row for programs, and as files.</summary>
static class Output
{
    public const string Folder = "tests/Bench/results";

    static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Print(Results results, bool isJson) => Console.Write(isJson ? Json(results) : Text(results));

    /// <summary>Writes command.md and command.json; the project is looked for from the current folder upwards.</summary>
    public static void Save(string command, Results results)
    {
        var folder = Path.Combine(Root(), Folder);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, $"{command}.md"), $"# bench {command}\n\n{Text(results)}");
        File.WriteAllText(Path.Combine(folder, $"{command}.json"), Json(results));
    }

    /// <summary>The project's folder.</summary>
    /// <exception cref="DirectoryNotFoundException">It is not above the current folder.</exception>
    public static string Root()
    {
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Pipeline.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"Pipeline.sln lies neither in {Environment.CurrentDirectory} nor above it: run the bench from within the project.");
    }

    static string Json(Results results)
    {
        var text = new StringBuilder();
        foreach (var row in results.Rows)
        {
            var json = new JsonObject { ["name"] = row.Name, ["ms"] = Rounded(row.Ms), ["floorMs"] = Rounded(row.FloorMs), ["peerMs"] = Rounded(row.PeerMs) };
            foreach (var extra in row.More)
            {
                json[extra.Name] = Rounded(extra.Value);
            }

            text.Append(json.ToJsonString(Relaxed)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Markdown, aligned so that it reads well on a terminal too.</summary>
    static string Text(Results results)
    {
        var extras = results.Rows.SelectMany(row => row.More.Select(extra => extra.Name)).Distinct().ToList();
        List<string[]> lines = [["name", "ms", "floor", "ms / floor", "peer", "peer / ms", .. extras]];
        lines.AddRange(results.Rows.Select(row => (string[])
        [
            row.Name, Cell(row.Ms), Cell(row.FloorMs), Cell(row.Ms / row.FloorMs), Cell(row.PeerMs), Cell(row.PeerMs / row.Ms),
            .. extras.Select(name => Cell(row.More.Where(extra => extra.Name == name).Select(extra => (double?)extra.Value).FirstOrDefault())),
        ]));
        var shown = Enumerable.Range(0, lines[0].Length).Where(c => lines.Skip(1).Any(line => line[c].Length > 0)).ToList();
        var widths = shown.ToDictionary(c => c, c => lines.Max(line => line[c].Length));
        var text = new StringBuilder();
        foreach (var note in results.Notes)
        {
            text.Append(note).Append("  \n");
        }

        text.Append('\n');
        for (var i = 0; i < lines.Count; i++)
        {
            text.Append("| ").AppendJoin(" | ", shown.Select(c => c == 0 ? lines[i][c].PadRight(widths[c]) : lines[i][c].PadLeft(widths[c]))).Append(" |\n");
            if (i == 0)
            {
                text.Append('|').AppendJoin('|', shown.Select(c => c == 0 ? new string('-', widths[c] + 2) : $"{new string('-', widths[c] + 1)}:")).Append("|\n");
            }
        }

        return text.ToString();
    }

    static string Cell(double? value) => value is { } number ? Extra.Format(number) : "";

    static JsonNode? Rounded(double? value) => value is { } number && double.IsFinite(number) ? JsonValue.Create(double.Round(number, 6)) : null;
}
