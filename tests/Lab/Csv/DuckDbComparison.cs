using System.Diagnostics;
using System.Text.Json;
using Pipeline.Lab.Damage;

namespace Pipeline.Lab.Csv;

/// <summary>What DuckDB makes of files that we could read: the same rows, unless it refuses them.</summary>
sealed class DuckDbComparison(Trial trial)
{
    readonly List<(string What, byte[] Bytes, CsvReading Reading)> files = [];

    public void Add(string what, byte[] bytes, CsvReading reading) => files.Add((what, bytes, reading));

    /// <summary>Compares all at once, since starting node takes longer than a file.</summary>
    /// <returns>What was compared, for people.</returns>
    public string Run()
    {
        if (OracleFolder() is not { } oracle)
        {
            return "DuckDB is not installed (npm install --no-save in tests/Oracle): not compared.";
        }

        var folder = Directory.CreateDirectory(Path.Combine(trial.Folder, "duckdb")).FullName;
        for (var i = 0; i < files.Count; i++)
        {
            File.WriteAllBytes(Path.Combine(folder, $"{i:d6}.csv"), files[i].Bytes);
        }

        using (var node = Process.Start(new ProcessStartInfo("node", ["oracle.mjs", "csv", folder]) { WorkingDirectory = oracle })!)
        {
            node.WaitForExit();
            if (node.ExitCode != 0)
            {
                throw new InvalidOperationException($"oracle.mjs csv exits with {node.ExitCode}.");
            }
        }

        var answers = JsonSerializer.Deserialize<string[]?[][]>(File.ReadAllText(Path.Combine(folder, "tables.json")))!;
        var compared = 0;
        for (var i = 0; i < files.Count; i++)
        {
            // A list with null in it: DuckDB would not read the file. A blank first line is the header to it, and nothing to us.
            if (answers[i] is [null] || files[i].Bytes is [(byte)'\n' or (byte)'\r', ..])
            {
                continue;
            }

            compared++;
            // DuckDB drops marks of byte order wherever they are; to us they are text but for the first.
            var theirs = string.Join('/', answers[i].Select(row => string.Join('|', row!)));
            if (theirs.Replace("\uFEFF", "") != files[i].Reading.ToString().Replace("\uFEFF", ""))
            {
                trial.Wrong(files[i].What, files[i].Bytes, $"read as '{files[i].Reading}', by DuckDB as '{theirs}'");
            }
        }

        return $"{compared:N0} readings compared with DuckDB's; {files.Count - compared:N0} files that we read it refuses or takes to begin with a blank header";
    }

    static string? OracleFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var oracle = Path.Combine(folder.FullName, "tests", "Oracle");
            if (Directory.Exists(Path.Combine(oracle, "node_modules")))
            {
                return oracle;
            }
        }

        return null;
    }
}
