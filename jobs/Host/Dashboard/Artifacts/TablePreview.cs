using System.Globalization;
using Pipeline.Features;
using Pipeline.Ingest.Parquet;
using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Artifacts;

/// <summary>Some rows of a Parquet part as text.</summary>
/// <param name="Columns">The first ones of a wide table.</param>
/// <param name="AllColumns">How many the table has.</param>
/// <param name="Rows">A cell is null where the table says so.</param>
/// <param name="First">Number of the first row within its group, from 0.</param>
/// <param name="GroupRows">Rows of the group.</param>
sealed record TablePreview(
    IReadOnlyList<Column> Columns, int AllColumns, IReadOnlyList<IReadOnlyList<string?>> Rows, int Group, int Groups, int First, long GroupRows)
{
    public const int PageRows = 50;

    const int MostColumns = 30, MostLetters = 120;

    /// <summary>Group and row of the next page; null behind the last.</summary>
    public (int Group, int First)? Next => First + PageRows < GroupRows ? (Group, First + PageRows) : Group + 1 < Groups ? (Group + 1, 0) : null;

    /// <summary>The page before; the first of the group before where this is the first of its own.</summary>
    public (int Group, int First)? Previous => First > 0 ? (Group, Math.Max(0, First - PageRows)) : Group > 0 ? (Group - 1, 0) : null;

    /// <param name="group">From 0; the nearest there is.</param>
    /// <param name="first">A row of the group, from 0; the nearest there is.</param>
    /// <exception cref="PipelineException">The part is missing or damaged.</exception>
    public static TablePreview Read(string path, int group, int first)
    {
        using var reader = new ParquetReader(path);
        var columns = reader.Schema.Columns.Take(MostColumns).ToList();
        if (reader.GroupCount == 0)
        {
            return new TablePreview(columns, reader.Schema.Count, [], 0, 0, 0, 0);
        }

        var at = Math.Clamp(group, 0, reader.GroupCount - 1);
        var rows = reader.Read(at, [.. columns.Select(column => column.Name)]);
        var start = Math.Clamp(first, 0, Math.Max(0, rows.Count - 1));
        var shown = Enumerable.Range(start, Math.Min(PageRows, rows.Count - start));
        return new TablePreview(
            columns, reader.Schema.Count, [.. shown.Select(row => (IReadOnlyList<string?>)[.. rows.Columns.Select(column => Cell(column, row))])], at, reader.GroupCount, start, rows.Count);
    }

    /// <summary>A value as people read it; null for a null.</summary>
    public static string? Cell(ColumnBuffer column, int row) => column.IsNull(row) ? null : column switch
    {
        StringBuffer text => Shorten(text.Text(row)),
        ColumnBuffer<int> days when column.Column.Type == ColumnType.Date => Day(days[row]),
        ColumnBuffer<int> numbers => numbers[row].ToString(CultureInfo.InvariantCulture),
        ColumnBuffer<long> times when column.Column.Type == ColumnType.Timestamp => Time(times[row]),
        ColumnBuffer<long> numbers => numbers[row].ToString(CultureInfo.InvariantCulture),
        ColumnBuffer<float> numbers => numbers[row].ToString("R", CultureInfo.InvariantCulture),
        ColumnBuffer<double> numbers => numbers[row].ToString("R", CultureInfo.InvariantCulture),
        ColumnBuffer<bool> flags => flags[row] ? "true" : "false",
        _ => "",
    };

    static string Shorten(string text) => text.Length <= MostLetters ? text : $"{text.AsSpan(0, MostLetters)}...";

    /// <summary>The number itself where it is no day that people know.</summary>
    static string Day(int day) => day is > -700_000 and < 2_900_000 ? Days.Text(day) : day.ToString(CultureInfo.InvariantCulture);

    static string Time(long micros) => micros is > -62_000_000_000_000_000 and < 253_000_000_000_000_000
        ? DateTime.UnixEpoch.AddMicroseconds(micros).ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)
        : micros.ToString(CultureInfo.InvariantCulture);
}
