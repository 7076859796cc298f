using System.Text;
using Pipeline.Ingest.Csv;
using Pipeline.Stages;

namespace Pipeline.Scoring.Identities;

/// <summary>Reads the tables of a CSV text (one) or of a Markdown text (all that have a metric's column).</summary>
public static class PrintedTableFile
{
    const int MaxBytes = 4 << 20;
    const int MaxCells = 20_000;

    /// <param name="folder">Where <paramref name="name"/> lies.</param>
    /// <param name="name">As messages show it.</param>
    /// <exception cref="PipelineException">It is absent, too large, not text, or has no table with a metric's column.</exception>
    public static IReadOnlyList<PrintedTable> Read(string folder, string name)
    {
        var isMarkdown = IsNamed(name, ".md", ".markdown");
        if (!isMarkdown && !IsNamed(name, ".csv", ".csv.gz"))
        {
            throw new PipelineException(
                ExitCode.Usage, $"'{name}' is no table that can be checked; its name must end with .csv, .csv.gz, .md or .markdown. A table can also come through standard input: -");
        }

        var file = new FileInfo(Path.Combine(folder, name));
        if (!file.Exists)
        {
            throw Refused($"{name} is not there. Give the path of a CSV or Markdown file.");
        }

        CheckBytes(name, file.Length);
        return WithMetrics(name, isMarkdown
            ? MarkdownTables.Parse(name, Text(name, () => Files.OpenRead(file.FullName)), CheckSize)
            : [Csv(name, columns => columns is null ? new CsvFile(folder, name) : new CsvFile(folder, name, columns))]);
    }

    /// <summary>Reads what another program hands over: Markdown if there is a table of that in it, else CSV.</summary>
    /// <param name="name">As messages show it: "standard input".</param>
    /// <exception cref="PipelineException">It is too large, not text, or has no table with a metric's column.</exception>
    public static IReadOnlyList<PrintedTable> Read(Stream input, string name)
    {
        using var held = new MemoryStream();
        var part = new byte[1 << 16];
        for (var read = 1; read > 0 && held.Length <= MaxBytes;)
        {
            read = input.Read(part);
            held.Write(part, 0, read);
        }

        CheckBytes(name, held.Length);
        var bytes = held.ToArray();
        IReadOnlyList<PrintedTable> markdown = [.. MarkdownTables.Parse(name, Text(name, () => new MemoryStream(bytes)), CheckSize)];
        return WithMetrics(name, markdown.Count > 0 ? markdown : [Csv(name, columns => new CsvFile(new MemoryStream(bytes), name, columns ?? []))]);
    }

    static IReadOnlyList<PrintedTable> WithMetrics(string name, IEnumerable<PrintedTable> tables)
    {
        List<PrintedTable> found = [.. tables.Where(table => table.Headers.Any(header => MetricHeader.Parse(header) is not null))];
        return found.Sum(table => table.Rows.Count) > 0 ? found
            : throw Refused($"{name} has no row under a metric's column. Expected a table with headers such as HR@10, MRR@10, NDCG@10, R@10, P@10 or MAP@12.");
    }

    /// <param name="open">Opens it for some columns; with null for its header alone.</param>
    static PrintedTable Csv(string name, Func<IReadOnlyList<string>?, CsvFile> open)
    {
        IReadOnlyList<string> headers;
        using (var file = open(null))
        {
            headers = file.Header;
        }

        // Columns without a name, or named twice, are no metric's unless they say so: then the reader refuses them.
        string[] columns = [.. headers.Where(header => MetricHeader.Parse(header) is not null || headers.Count(other => other == header) == 1)];
        using var table = open(columns);
        var rows = new List<PrintedRow>();
        while (table.Read())
        {
            rows.Add(new PrintedRow(table.LineNumber, [.. columns.Select((_, column) => table.Text(column))]));
            CheckSize(name, rows.Count, columns.Length);
        }

        return new PrintedTable(columns, rows);
    }

    static string Text(string name, Func<Stream> open)
    {
        try
        {
            using var reader = new StreamReader(open(), new UTF8Encoding(false, throwOnInvalidBytes: true));
            return reader.ReadToEnd();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw new PipelineException(ExitCode.InputMissing, $"{name} cannot be read: {cause.Message}", cause);
        }
    }

    static bool IsNamed(string name, params IEnumerable<string> endings) => endings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    static void CheckBytes(string name, long bytes)
    {
        if (bytes > MaxBytes)
        {
            throw Refused($"{name} has more than {MaxBytes:N0} bytes; expected at most so many. Cut the table out of it.");
        }
    }

    static void CheckSize(string name, int rows, int columns)
    {
        if ((long)rows * columns > MaxCells)
        {
            throw Refused($"{name} has more than {MaxCells:N0} cells in one table; expected fewer. A table of results, not of users, can be checked.");
        }
    }

    static PipelineException Refused(string message) => new(ExitCode.InputMissing, message);
}
