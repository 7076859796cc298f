using System.Diagnostics;
using System.Text.Json;

namespace Pipeline.Unit.Ingest.Parquet;

/// <summary>tests/Oracle/oracle.mjs: DuckDB and hyparquet.</summary>
static class Oracle
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    static readonly string Folder = Path.Combine(FindRoot(), "tests", "Oracle");

    /// <summary>Why it cannot run here; null if it can.</summary>
    public static string? Absence { get; } = !Directory.Exists(Path.Combine(Folder, "node_modules"))
        ? "The oracle is not installed: run npm install --no-save in tests/Oracle."
        : Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(path => File.Exists(Path.Combine(path, OperatingSystem.IsWindows() ? "node.exe" : "node")))
            ? null
            : "The oracle needs node, which is not on the path.";

    public static void Run(string direction, string folder)
    {
        var start = new ProcessStartInfo("node", ["oracle.mjs", direction, folder]) { WorkingDirectory = Folder, RedirectStandardError = true };
        using var node = Process.Start(start)!;
        var errors = node.StandardError.ReadToEnd();
        node.WaitForExit();
        Assert.True(node.ExitCode == 0, $"oracle.mjs {direction} failed: {errors}");
    }

    public static OracleTable Read(string file)
    {
        using var stream = File.OpenRead(file);
        return JsonSerializer.Deserialize<OracleTable>(stream, Json)!;
    }

    /// <summary>What DuckDB answers to a query over files, row by row, every cell as text.</summary>
    public static IReadOnlyList<IReadOnlyList<string?>> Query(string sql)
    {
        var folder = Directory.CreateTempSubdirectory("pipeline-oracle-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "query.sql"), sql);
            Run("query", folder.FullName);
            return JsonSerializer.Deserialize<string?[][]>(File.ReadAllText(Path.Combine(folder.FullName, "rows.json")))!;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Pipeline.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? AppContext.BaseDirectory;
    }
}

/// <param name="Rows">Column by column.</param>
sealed record OracleTable(IReadOnlyList<OracleColumn> Columns, IReadOnlyList<OracleStatistics> Statistics, string?[][] Rows);

sealed record OracleColumn(string Name, string Type, string SqlType, bool Optional);

sealed record OracleStatistics(int Group, string Column, string Encodings, string Codec, string? Min, string? Max, string? Nulls);

/// <summary>A test that needs the oracle, and is skipped with the reason where that is absent.</summary>
sealed class OracleFactAttribute : FactAttribute
{
    public OracleFactAttribute() => Skip = Oracle.Absence;
}

/// <summary>A test that needs the oracle and real files, and is skipped with the reason where either is absent.</summary>
sealed class OracleRealDataFactAttribute : FactAttribute
{
    /// <param name="folder">Below `../shared/data`: "hm".</param>
    public OracleRealDataFactAttribute(string folder) => Skip = Oracle.Absence ?? new RealDataFactAttribute(folder).Skip;
}
