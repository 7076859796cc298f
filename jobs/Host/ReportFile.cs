using System.Text.Json;
using Pipeline.Stages;

namespace Pipeline.Host;

/// <summary>What metrics.json of a report says, as far as the command line shows it.</summary>
sealed class ReportFile
{
    /// <summary>The metrics that tell lists apart, as columns of a table.</summary>
    public static IReadOnlyList<(string Metric, int K)> Headlines { get; } = [("P", 5), ("P", 10), ("R", 10), ("HR", 1), ("NDCG", 10), ("MAP", 12)];

    public static readonly Artifact Artifact = new("report", "5-report");

    readonly IReadOnlyList<Row> rows;

    ReportFile(string folder, bool isSynthetic, bool sharesUsers, IReadOnlyList<Row> rows) =>
        (Folder, IsSynthetic, SharesUsers, this.rows) = (folder, isSynthetic, sharesUsers, rows);

    /// <summary>Absolute path of the generation.</summary>
    public string Folder { get; }

    public string Page => Path.Combine(Folder, "report.html");

    /// <summary>True if the numbers come from generated data.</summary>
    public bool IsSynthetic { get; }

    /// <summary>True if all seeds test the same users. Reports of older versions do not say it.</summary>
    public bool SharesUsers { get; }

    /// <summary>"mamba", "oracle", ... in the order of the report.</summary>
    public IReadOnlyList<string> Lists => [.. rows.Select(row => row.List).Distinct(StringComparer.Ordinal)];

    /// <summary>In the order of the report.</summary>
    public IReadOnlyList<(string Metric, int K)> Metrics => [.. rows.Select(row => (row.Metric, row.K)).Distinct()];

    /// <summary>Users and seeds behind the numbers.</summary>
    public (int Users, int Seeds) Size => rows.Count == 0 ? (0, 0) : (rows[0].Users, rows[0].Seeds);

    /// <summary>Null where the report has no such number.</summary>
    public Row? Find(string list, string metric, int k) => rows.FirstOrDefault(row => row.List == list && row.Metric == metric && row.K == k);

    /// <summary>The current report of a dataset; null if there is none.</summary>
    /// <exception cref="PipelineException">metrics.json cannot be read.</exception>
    public static ReportFile? Current(DataRoot data, string dataset) => data.CurrentFolder(dataset, Artifact) is { } folder ? Read(folder, dataset) : null;

    /// <param name="folder">Of a generation.</param>
    /// <exception cref="PipelineException">metrics.json cannot be read.</exception>
    public static ReportFile Read(string folder, string dataset)
    {
        var file = Path.Combine(folder, "metrics.json");
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            var root = document.RootElement;
            return new ReportFile(folder, root.GetProperty("synthetic").GetBoolean(), root.TryGetProperty("sharesUsers", out var shares) && shares.GetBoolean(), [.. root.GetProperty("rows").EnumerateArray().Select(ReadRow)]);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or IOException)
        {
            throw new PipelineException(ExitCode.InputMissing, $"{file} is damaged: {error.Message} Make it anew: pipeline run {dataset}/report --force", error);
        }
    }

    static Row ReadRow(JsonElement row) => new(
        row.GetProperty("list").GetString()!,
        row.GetProperty("metric").GetString()!,
        row.GetProperty("k").GetInt32(),
        Number(row, "value"),
        Number(row, "low"),
        Number(row, "high"),
        row.GetProperty("users").GetInt32(),
        row.GetProperty("seeds").GetInt32());

    static double? Number(JsonElement row, string name) => row.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;

    /// <param name="Value">Null where it does not exist, as with no users.</param>
    /// <param name="Low">Lower end of the 95 % interval.</param>
    public sealed record Row(string List, string Metric, int K, double? Value, double? Low, double? High, int Users, int Seeds);
}
