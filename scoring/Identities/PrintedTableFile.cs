using System.Text;
using Pipeline.Ingest.Csv;
using Pipeline.Stages;

namespace Pipeline.Scoring.Identities;

/// <summary>Reads the tables of a CSV file (one) or of a Markdown file (all that have a metric's column).</summary>
/// <remarks>Markdown's tables are those of GitHub: a header, a line of dashes, rows; cells apart by '|', with \| for the character itself.</remarks>
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
            throw new PipelineException(ExitCode.Usage, $"{name} is no table that can be checked; its name must end with .csv, .csv.gz, .md or .markdown.");
        }

        var file = new FileInfo(Path.Combine(folder, name));
        if (!file.Exists)
        {
            throw Refused($"{name} is not there. Give the path of a CSV or Markdown file.");
        }

        if (file.Length > MaxBytes)
        {
            throw Refused($"{name} has {file.Length:N0} bytes; expected at most {MaxBytes:N0}. Cut the table out of it.");
        }

        IReadOnlyList<PrintedTable> tables = [.. (isMarkdown ? Markdown(folder, name) : [Csv(folder, name)]).Where(HasMetric)];
        return tables.Sum(table => table.Rows.Count) > 0 ? tables
            : throw Refused($"{name} has no row under a metric's column. Expected a table with headers such as HR@10, MRR@10, NDCG@10, R@10, P@10 or MAP@12.");
    }

    static PrintedTable Csv(string folder, string name)
    {
        IReadOnlyList<string> headers;
        using (var file = new CsvFile(folder, name))
        {
            headers = file.Header;
        }

        // Columns without a name, or named twice, are no metric's unless they say so: then the reader refuses them.
        string[] columns = [.. headers.Where(header => MetricHeader.Parse(header) is not null || headers.Count(other => other == header) == 1)];
        using var table = new CsvFile(folder, name, columns);
        var rows = new List<PrintedRow>();
        while (table.Read())
        {
            rows.Add(new PrintedRow(table.LineNumber, [.. columns.Select((_, column) => table.Text(column))]));
            CheckSize(name, rows.Count, columns.Length);
        }

        return new PrintedTable(columns, rows);
    }

    static IEnumerable<PrintedTable> Markdown(string folder, string name)
    {
        var lines = Lines(folder, name);
        for (var i = 0; i + 1 < lines.Length; i++)
        {
            var headers = Cells(lines[i]);
            var dashes = Cells(lines[i + 1]);
            if (!lines[i].Contains('|') || headers.Count != dashes.Count || !dashes.All(IsDashes))
            {
                continue;
            }

            var rows = new List<PrintedRow>();
            for (i += 2; i < lines.Length && lines[i].Contains('|'); i++)
            {
                var cells = Cells(lines[i]);
                rows.Add(cells.Count == headers.Count ? new PrintedRow(i + 1, cells)
                    : throw Refused($"{name}({i + 1}): expected {headers.Count} cells, as its header has, found {cells.Count}. Write \\| for a '|' inside a cell."));
                CheckSize(name, rows.Count, headers.Count);
            }

            yield return new PrintedTable(headers, rows);
        }
    }

    static string[] Lines(string folder, string name)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, name), new UTF8Encoding(false, throwOnInvalidBytes: true)).ReplaceLineEndings("\n").Split('\n');
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw new PipelineException(ExitCode.InputMissing, $"{name} cannot be read: {cause.Message}", cause);
        }
    }

    static List<string> Cells(string line)
    {
        var text = line.Trim();
        text = text.StartsWith('|') ? text[1..] : text;
        List<string> cells = [];
        var cell = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] == '|')
            {
                cell.Append(text[++i]);
            }
            else if (text[i] == '|')
            {
                cells.Add(cell.ToString().Trim());
                cell.Clear();
            }
            else
            {
                cell.Append(text[i]);
            }
        }

        // The last '|' of a line ends its last cell; without one, the rest is a cell.
        if (cell.Length > 0)
        {
            cells.Add(cell.ToString().Trim());
        }

        return cells;
    }

    static bool IsDashes(string cell) => cell.Contains('-') && cell.Trim(':').All(character => character == '-');

    static bool HasMetric(PrintedTable table) => table.Headers.Any(header => MetricHeader.Parse(header) is not null);

    static bool IsNamed(string name, params ReadOnlySpan<string> endings)
    {
        foreach (var ending in endings)
        {
            if (name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
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
