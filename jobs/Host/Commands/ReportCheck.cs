using System.CommandLine;
using System.Globalization;
using Pipeline.Host.Terminal;
using Pipeline.Scoring.Identities;
using Pipeline.Stages;

namespace Pipeline.Host.Commands;

/// <summary>`report check`: whether the numbers of any printed table can be true together.</summary>
static class ReportCheck
{
    const string Input = "-";

    public static Command Create(CliContext context, CommonOptions common)
    {
        var file = new Argument<string>("file") { Description = $"A CSV or Markdown file with columns such as HR@10, MRR@10, NDCG@10, R@10, P@10, MAP@12; {Input} for standard input." };
        var command = new Command("check", "Check that the metrics of a printed table do not contradict each other. Exits with 4 where they do.") { file };
        command.SetAction(async (parsed, cancellation) =>
        {
            var session = new Session(context, common.Read(parsed));
            var isInput = parsed.GetValue(file) == Input;
            var name = isInput ? "standard input" : parsed.GetValue(file)!;
            // Reading a terminal cannot be cancelled, but waiting for it can.
            var read = isInput
                ? await Task.Run(() => PrintedTableFile.Read(context.In, name), cancellation).WaitAsync(cancellation)
                : PrintedTableFile.Read(context.CurrentFolder, name);
            var tables = read.Select(table => TableCheck.Of(name, table)).ToList();
            session.Output.Json(Describe(name, tables));
            Print(session.Output, name, [.. tables.SelectMany(table => table.Rows)]);
            return (int)(tables.All(table => table.Rows.All(row => row.Broken.Count == 0)) ? ExitCode.Ok : ExitCode.CheckFailed);
        });
        return command;
    }

    static void Print(Output output, string name, IReadOnlyList<CheckedRow> rows)
    {
        foreach (var row in rows)
        {
            foreach (var breach in row.Broken)
            {
                output.Line($"{Place(name, row)}: {breach.Identity.Text} fails by {Number(breach.By)}, however the cells were rounded: "
                    + string.Join(", ", breach.Identity.Terms.Select(term => $"{term.Metric} {Number(row.Values[term.Metric].Value)}")));
            }

            foreach (var breach in row.BrokenIfSupposed)
            {
                var (metric, value) = (breach.Identity.Terms[0].Metric, row.Values[breach.Identity.Terms[0].Metric]);
                output.Line($"{Place(name, row)}: {breach.Identity.Supposing}? Then it is at least {Number(value.High + breach.By)}, not {Number(value.Value)}: {breach.Identity.Text}");
            }
        }

        foreach (var (what, meaning) in Notes)
        {
            var held = rows.Where(row => row.OneRelevant == what).ToList();
            if (held.Count > 0)
            {
                output.Line($"{meaning}: {(held.Count == rows.Count ? "all rows" : $"lines {string.Join(", ", held.Select(row => row.Line))}")}.");
            }
        }

        var broken = rows.Count(row => row.Broken.Count > 0);
        output.Line(broken == 0
            ? $"{Count(rows.Count)} can be true ({Phrase.Count(rows.Sum(row => row.Relations))} relations checked)."
            : $"{broken} of {Count(rows.Count)} cannot be true: at least one cell of every relation above is wrong.");
    }

    static IReadOnlyList<(OneRelevant What, string Meaning)> Notes { get; } =
    [
        (OneRelevant.Assumed, "Assumed, for no column tells: one relevant item per user, which bounds NDCG and equates MAP with MRR"),
        (OneRelevant.Shown, "The columns agree with one relevant item per user, and are held to it"),
        (OneRelevant.Refuted, "The columns show users with several relevant items, so that the bounds of NDCG for one are not applied"),
    ];

    static object Describe(string name, IReadOnlyList<CheckedTable> tables) => new
    {
        file = name,
        possible = tables.All(table => table.Rows.All(row => row.Broken.Count == 0)),
        tables = tables.Select(table => new
        {
            metrics = table.Metrics.Select(metric => $"{metric}"),
            rows = table.Rows.Select(row => new
            {
                line = row.Line,
                label = row.Label,
                oneRelevantItem = row.OneRelevant,
                relations = row.Relations,
                broken = row.Broken.Select(breach => Describe(breach, row)),
                brokenIfSupposed = row.BrokenIfSupposed.Select(breach => Describe(breach, row)),
            }),
        }),
    };

    static object Describe(Breach breach, CheckedRow row) => new
    {
        relation = breach.Identity.Text,
        supposing = breach.Identity.Supposing,
        by = breach.By,
        cells = breach.Identity.Terms.Select(term => new { metric = $"{term.Metric}", value = row.Values[term.Metric].Value, rounding = row.Values[term.Metric].HalfWidth }),
    };

    static string Place(string name, CheckedRow row) => row.Label.Length > 0 ? $"{name}({row.Line}) {row.Label}" : $"{name}({row.Line})";

    static string Count(int rows) => rows == 1 ? "1 row" : $"{rows} rows";

    static string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
