using System.CommandLine;
using Pipeline.Host.Terminal;
using Pipeline.Scoring.Report;
using Pipeline.Stages;

namespace Pipeline.Host.Commands;

/// <summary>`report`: where the current report is, and its main figures; `report open` shows its page; `report check` is a command of its own.</summary>
static class ReportCommand
{
    public static Command Create(CliContext context, CommonOptions common)
    {
        var dataset = DatasetArgument();
        var command = new Command("report", "Print the path of the current report and its main figures.")
        {
            dataset,
            CreateOpen(context, common),
            ReportCheck.Create(context, common),
        };
        command.SetAction(parsed =>
        {
            var session = new Session(context, common.Read(parsed));
            var reports = Current(session, parsed.GetValue(dataset));
            session.Output.Json(new { reports = reports.Select(report => Describe(report.Dataset, report.Report)) });
            foreach (var (_, report) in reports)
            {
                session.Output.Line(session.Shorten(report.Page));
                PrintFigures(session.Output, report);
            }

            return (int)ExitCode.Ok;
        });
        return command;
    }

    static Command CreateOpen(CliContext context, CommonOptions common)
    {
        var dataset = DatasetArgument();
        var command = new Command("open", "Print the path of the current report, and show its page where there is a desktop.") { dataset };
        command.SetAction(parsed =>
        {
            var session = new Session(context, common.Read(parsed));
            var pages = Current(session, parsed.GetValue(dataset)).Select(report => (report.Dataset, report.Report.Page)).ToList();
            foreach (var (_, page) in pages)
            {
                session.Output.Line(session.Shorten(page));
            }

            var shown = pages.Select(page => (page.Dataset, page.Page, IsShown: context.ShowPage(page.Page))).ToList();
            session.Output.Json(new { pages = shown.Select(page => new { dataset = page.Dataset, page = page.Page, shown = page.IsShown }) });
            if (shown.Any(page => !page.IsShown))
            {
                session.Output.Note("There is no desktop here, or nothing on it that opens pages: open the path in a browser.");
            }

            return (int)ExitCode.Ok;
        });
        return command;
    }

    static Argument<string?> DatasetArgument() =>
        new Argument<string?>("dataset") { Description = "Default: the datasets of pipeline.json's 'default'.", Arity = ArgumentArity.ZeroOrOne };

    static IReadOnlyList<(string Dataset, ReportFile Report)> Current(Session session, string? dataset)
    {
        IReadOnlyList<string> names = dataset is null ? session.Configuration.Value.Default : [session.Dataset(dataset).Name];
        return [.. names.Select(name => (name, Find(session, name)))];
    }

    /// <summary>A row per list, a column per headline metric.</summary>
    public static void PrintFigures(Output output, ReportFile report)
    {
        output.Table(
            ["list", .. ReportFile.Headlines.Select(headline => $"{headline.Metric}@{headline.K} ")],
            report.Lists.Select(list => (IReadOnlyList<string>)[list, .. ReportFile.Headlines.Select(headline =>
                report.Find(list, headline.Metric, headline.K)?.Value is { } value ? Phrase.Metric(value) : "-")]));
        output.Line($"{Size(report.Size.Users, report.Size.Seeds, report.SharesUsers)}, {(report.IsSynthetic ? "generated data" : "real data")}. Intervals and curves are in the report.");
    }

    /// <summary>"114 test users of 2 seeds", "57 test users, the same in each of 2 seeds", "1 test user, 1 seed".</summary>
    /// <param name="users">All seeds together.</param>
    internal static string Size(int users, int seeds, bool sharesUsers)
    {
        var counted = sharesUsers ? users / Math.Max(1, seeds) : users;
        return Numbers.Of(counted, "test user")
            + (seeds == 1 ? ", 1 seed" : sharesUsers ? $", the same in each of {seeds} seeds" : $" of {seeds} seeds");
    }

    public static object Describe(string dataset, ReportFile report) => new
    {
        dataset,
        page = report.Page,
        synthetic = report.IsSynthetic,
        figures = report.Lists.SelectMany(list => ReportFile.Headlines.Select(headline => report.Find(list, headline.Metric, headline.K)).OfType<ReportFile.Row>()),
    };

    static ReportFile Find(Session session, string dataset) => ReportFile.Current(session.Data, dataset)
        ?? throw new PipelineException(ExitCode.InputMissing, $"{dataset} has no report yet in {session.Data.Dataset(dataset)}. Make one: {session.Again($"pipeline run {dataset}")}");
}
