using System.Text;
using Pipeline.Stages;

namespace Pipeline.Scoring.Identities;

/// <summary>Whether the rows of a printed table can be true: every relation must hold for some numbers whose roundings are printed.</summary>
public static class TableCheck
{
    /// <param name="name">The file's, for messages.</param>
    /// <exception cref="PipelineException">A metric's cell is no number, or a metric has two columns.</exception>
    public static CheckedTable Of(string name, PrintedTable table)
    {
        var headers = table.Headers.Select(MetricHeader.Parse).ToList();
        var twice = headers.OfType<MetricHeader>().GroupBy(header => header.Metric).FirstOrDefault(same => same.Count() > 1);
        if (twice is not null)
        {
            throw new PipelineException(ExitCode.InputMissing, $"{name}: {twice.Count()} columns hold {twice.Key}; expected one. Remove the others, or name them otherwise.");
        }

        var rows = table.Rows.Select(row => (row, Values: Values(name, table, row, headers))).ToList();
        var likes = rows.Select(row => RelevantItems(row.Values)).ToList();
        // Rows of one table tell of the same kind of data, so one that shows several relevant items speaks for those that show nothing.
        var isAssumed = !likes.Contains(OneRelevant.Refuted);
        return new CheckedTable(
            [.. headers.OfType<MetricHeader>().Select(header => header.Metric)],
            [.. rows.Zip(likes, (row, like) => Check(row.row, table, row.Values, like == OneRelevant.Unknown && isAssumed ? OneRelevant.Assumed : like))]);
    }

    static CheckedRow Check(PrintedRow row, PrintedTable table, Dictionary<MetricName, RoundedValue> values, OneRelevant like)
    {
        var general = AllIdentities.Of(values.Keys, hasOneRelevantEach: false);
        IReadOnlyList<Identity> all = like is OneRelevant.Shown or OneRelevant.Assumed ? AllIdentities.Of(values.Keys, hasOneRelevantEach: true) : general;
        // Where nothing more follows from it, nothing is assumed.
        var used = like == OneRelevant.Assumed && all.Count == general.Count ? OneRelevant.Unknown : like;
        var broken = Identity.Broken(all, values).ToLookup(breach => breach.Identity.Supposing is null);
        return new CheckedRow(
            row.Line, Label(table, row), used, all.Count(identity => identity.Supposing is null), values, [.. broken[true]], [.. broken[false]]);
    }

    static Dictionary<MetricName, RoundedValue> Values(string name, PrintedTable table, PrintedRow row, List<MetricHeader?> headers)
    {
        var values = new Dictionary<MetricName, RoundedValue>();
        foreach (var (column, cell) in row.Cells.Index())
        {
            if (headers[column] is { } header && !PrintedNumber.IsAbsent(cell))
            {
                values.Add(header.Metric, PrintedNumber.Parse(cell, header.IsPercent) ?? throw new PipelineException(
                    ExitCode.InputMissing,
                    $"{name}({row.Line}): {Clean(table.Headers[column])} is '{Clean(cell)}'; it must be a number such as 0.985 or 98.5%, or empty, '-' or 'n/a' where none is printed."));
            }
        }

        return values;
    }

    /// <summary>What a row tells of how many items are relevant to a user.</summary>
    static OneRelevant RelevantItems(Dictionary<MetricName, RoundedValue> values)
    {
        var pairs = AllIdentities.EqualOfOneRelevant(values.Keys).ToList();
        bool Differ(MetricName first, MetricName second)
        {
            var (a, b) = (AllIdentities.Scale(first), AllIdentities.Scale(second));
            var both = a * values[first].HalfWidth + b * values[second].HalfWidth;
            return Math.Abs(a * values[first].Value - b * values[second].Value) > both + 1e-12;
        }

        return pairs.Count == 0 ? OneRelevant.Unknown : pairs.Any(pair => Differ(pair.First, pair.Second)) ? OneRelevant.Refuted : OneRelevant.Shown;
    }

    /// <summary>The first cells that are no metric's: dataset and model, as a rule.</summary>
    static string Label(PrintedTable table, PrintedRow row) => string.Join(", ", row.Cells.Index()
        .Where(cell => MetricHeader.Parse(table.Headers[cell.Index]) is null && cell.Item.Length > 0).Take(3).Select(cell => Clean(cell.Item)));

    /// <summary>A stranger's text on one line, without what a terminal would obey.</summary>
    static string Clean(string text)
    {
        const int Most = 60;
        var line = string.Concat(text.EnumerateRunes().Take(Most).Select(rune =>
            Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format
                or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator ? "?" : rune.ToString()));
        return line.Length < text.Length ? line + "..." : line;
    }
}
