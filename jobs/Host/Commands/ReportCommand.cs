using System.CommandLine;
using Pipeline.Host.Terminal;
using Pipeline.Stages;

namespace Pipeline.Host.Commands;

/// <summary>`report`: where the current report is, and its main figures; `report check` is a command of its own.</summary>
static class ReportCommand
{
    public static Command Create(CliContext context, CommonOptions common)
    {
        var dataset = new Argument<string?>("dataset") { Description = "Default: the datasets of pipeline.json's 'default'.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("report", "Print the path of the current report and its main figures.")
        {
            dataset,
            ReportCheck.Create(context, common),
        };
        command.SetAction(parsed =>
        {
            var session = new Session(context, common.Read(parsed));
            IReadOnlyList<string> names = parsed.GetValue(dataset) is { } name ? [session.Dataset(name).Name] : session.Configuration.Value.Default;
            var reports = names.Select(each => (each, Find(session, each))).ToList();
            session.Output.Json(new { reports = reports.Select(report => Describe(report.each, report.Item2)) });
            foreach (var (each, report) in reports)
            {
                session.Output.Line(session.Shorten(report.Page));
                PrintFigures(session.Output, report);
            }

            return (int)ExitCode.Ok;
        });
        return command;
    }

    /// <summary>A row per list, a column per headline metric.</summary>
    public static void PrintFigures(Output output, ReportFile report)
    {
        output.Table(
            ["list", .. ReportFile.Headlines.Select(headline => $"{headline.Metric}@{headline.K} ")],
            report.Lists.Select(list => (IReadOnlyList<string>)[list, .. ReportFile.Headlines.Select(headline =>
                report.Find(list, headline.Metric, headline.K)?.Value is { } value ? Phrase.Metric(value) : "-")]));
        var (users, seeds) = report.Size;
        var origin = report.IsSynthetic ? "generated data" : "real data";
        output.Line($"{Phrase.Count(users)} test users, {seeds} {(seeds == 1 ? "seed" : "seeds")}, {origin}. Intervals and curves are in the report.");
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
