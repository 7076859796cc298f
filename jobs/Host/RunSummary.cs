using Pipeline.Host.Commands;
using Pipeline.Host.Terminal;
using Pipeline.Stages;

namespace Pipeline.Host;

/// <summary>The end of a run: what ran, what it cost, where the report is, and what to type next.</summary>
static class RunSummary
{
    public static void Print(Session session, RunResult result, IReadOnlyList<StageRow> rows)
    {
        var output = session.Output;
        var reports = result.Exit == ExitCode.Ok ? Reports(session, result.Plan) : [];
        output.Json(new
        {
            run = result.Run,
            exitCode = (int)result.Exit,
            result = result.Exit,
            seconds = result.Duration.TotalSeconds,
            stages = rows,
            errors = result.Failures.Select(failure => failure.Message),
            log = result.LogPath,
            pinned = Pinned(result.Plan).Select(pin => new { dataset = pin.Dataset, artifact = pin.Move.Artifact.Folder, generation = pin.Move.Generation }),
            reports = reports.Select(report => ReportCommand.Describe(report.Dataset, report.Report)),
        });
        PrintStages(output, result, rows);
        foreach (var (_, report) in reports)
        {
            output.Line();
            output.Line($"Report: {session.Shorten(report.Page)}");
            ReportCommand.PrintFigures(output, report);
        }

        foreach (var (dataset, move) in Pinned(result.Plan))
        {
            output.Line();
            output.Line($"{dataset}/{move.Artifact.Folder} is pinned at {move.Generation} and stays there. Release it: {session.Again($"pipeline rollback {dataset} {move.Artifact.Folder} --release")}");
        }

        foreach (var failure in result.Failures)
        {
            session.Error($"error: {failure.Message}");
        }

        if (result.Exit == ExitCode.Ok)
        {
            output.Line();
            output.Line($"Next: {session.Again("pipeline plan")} (what would run now)");
            foreach (var dataset in session.Datasets.Where(each => reports.Any(report => report.Dataset == each.Name)))
            {
                output.Line($"      {session.Again($"pipeline recommend --dataset {dataset.Name} --user {ExampleUser(session, dataset)}")} (one user's list)");
            }
        }
        else
        {
            session.Output.Note($"Log: {session.Shorten(result.LogPath)}");
        }
    }

    static string ExampleUser(Session session, IDatasetPipeline dataset) =>
        dataset.ExampleUser
        ?? (session.Data.CurrentFolder(dataset.Name, PublishedLists.ArtifactOf(RecommendCommand.DefaultList)) is { } lists
            ? new ListLookup(lists).Candidates(most: 1).FirstOrDefault() : null)
        ?? "ID";

    static void PrintStages(Output output, RunResult result, IReadOnlyList<StageRow> rows)
    {
        var tried = rows.Where(row => row.Seconds is not null).ToList();
        if (tried.Count > 0)
        {
            output.Table(
                ["stage", "result", "time ", "rows ", "size "],
                tried.Select(row => (IReadOnlyList<string>)
                [
                    row.Title,
                    row.Result,
                    row.Seconds is { } seconds ? Phrase.Duration(TimeSpan.FromSeconds(seconds)) : "",
                    row.Rows is { } count ? Phrase.Count(count) : "",
                    row.Bytes is { } bytes ? Phrase.Bytes(bytes) : "",
                ]));
            output.Line();
        }

        var counts = StageRow.Results.Select(word => (word, Count: rows.Count(row => row.Result == word))).Where(each => each.Count > 0)
            .Select(each => $"{each.Count} {each.word}");
        output.Line($"Run {result.Run}: {string.Join(", ", counts)}, in {Phrase.Duration(result.Duration)}.");
        if (rows.Count > 0 && rows.All(row => row.Result == StageRow.Skipped))
        {
            output.Line("Nothing to do: everything is up to date.");
        }
    }

    static IEnumerable<(string Dataset, CurrentMove Move)> Pinned(Plan plan) =>
        plan.Selected.SelectMany(node => node.Moves.Where(move => move.IsPinned).Select(move => (node.Node.Dataset, move)));

    static List<(string Dataset, ReportFile Report)> Reports(Session session, Plan plan) =>
    [
        .. plan.Selected.Select(node => node.Node.Dataset).Distinct(StringComparer.Ordinal)
            .Select(dataset => (dataset, ReportFile.Current(session.Data, dataset))).Where(found => found.Item2 is not null)
            .Select(found => (found.dataset, found.Item2!)),
    ];
}
