using System.Text;
using Pipeline.Stages;

namespace Pipeline.Scoring.Identities;

/// <summary>Tables as GitHub's Markdown has them: a header, a line of dashes, rows; cells apart by '|', with \| for the character itself.</summary>
static class MarkdownTables
{
    /// <param name="name">Of the text, for messages.</param>
    /// <param name="check">Told the name, the rows of a table so far and its columns; throws where they are too many.</param>
    /// <exception cref="PipelineException">A row has more or fewer cells than its header.</exception>
    public static IEnumerable<PrintedTable> Parse(string name, string text, Action<string, int, int> check)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
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
                    : throw new PipelineException(ExitCode.InputMissing, $"{name}({i + 1}): expected {headers.Count} cells, as its header has, found {cells.Count}. Write \\| for a '|' inside a cell."));
                check(name, rows.Count, headers.Count);
            }

            yield return new PrintedTable(headers, rows);
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
}
