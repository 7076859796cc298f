using System.CommandLine;
using Pipeline.Host.Terminal;
using Pipeline.Stages;

namespace Pipeline.Host.Commands;

/// <summary>`runs list` and `runs show`: what was run, when, and how it went.</summary>
static class RunsCommand
{
    const int DefaultCount = 20;
    const int LogTail = 20;

    public static Command Create(CliContext context, CommonOptions common) => new("runs", "Look at earlier runs.") { List(context, common), Show(context, common) };

    static Command List(CliContext context, CommonOptions common)
    {
        var count = Arguments.Count("--last", "At most so many, the latest. Default: 20.");
        var command = new Command("list", "The latest runs, newest last.") { count };
        command.SetAction(parsed =>
        {
            var session = new Session(context, common.Read(parsed));
            var runs = session.Runs().TakeLast(parsed.GetValue(count) ?? DefaultCount).ToList();
            session.Output.Json(new { runs = runs.Select(Describe) });
            if (runs.Count == 0)
            {
                session.Output.Line($"No run yet in {session.Data.Path}.");
                return (int)ExitCode.Ok;
            }

            session.Output.Table(
                ["run", "state", "started", "time ", "selection"],
                runs.Select(run => (IReadOnlyList<string>)
                    [run.Run, Word(run.State), Phrase.Time(run.Started), Duration(run), string.Join(' ', run.Selection)]));
            return (int)ExitCode.Ok;
        });
        return command;
    }

    static Command Show(CliContext context, CommonOptions common)
    {
        var name = new Argument<string?>("run") { Description = "Default: the latest.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("show", "One run: its stages, and the end of its log.") { name };
        command.SetAction(parsed =>
        {
            var session = new Session(context, common.Read(parsed));
            var run = parsed.GetValue(name) is { } given
                ? session.FindRun(given)
                : session.Runs().LastOrDefault() ?? throw new PipelineException(ExitCode.InputMissing, $"No run yet in {session.Data.Path}. Start one: {session.Again("pipeline run")}");
            Print(session, run);
            return (int)ExitCode.Ok;
        });
        return command;
    }

    static void Print(Session session, RunRecord run)
    {
        var log = Path.Combine(session.Data.Path, "logs", $"{run.Run}.log");
        var tail = File.Exists(log) ? File.ReadLines(log).TakeLast(LogTail).ToList() : [];
        session.Output.Json(new { run = Describe(run), stages = run.Stages, log, tail });
        session.Output.Line($"run       {run.Run}");
        session.Output.Line($"state     {Word(run.State)}{(run.Exit is { } exit ? $" (exit {(int)exit})" : "")}");
        session.Output.Line($"started   {Phrase.Time(run.Started)}");
        session.Output.Line($"time      {Duration(run)}");
        session.Output.Line($"command   {string.Join(' ', run.Arguments)}");
        session.Output.Line($"version   {run.ToolVersion}");
        if (run.Schedule is not null || run.Origin is not null)
        {
            session.Output.Line($"asked by  {AskedBy(run)}");
        }

        session.Output.Line();
        session.Output.Table(
            ["stage", "seeds", "state", "time ", "rows ", "size ", "why"],
            run.Stages.Select(stage => (IReadOnlyList<string>)
            [
                stage.Stage,
                string.Join(',', stage.Seeds),
                stage.IsSkipped ? "skipped" : Word(stage.State),
                stage.DurationSeconds is { } seconds ? Phrase.Duration(TimeSpan.FromSeconds(seconds)) : "",
                stage.Rows is { } rows ? Phrase.Count(rows) : "",
                stage.Bytes is { } bytes ? Phrase.Bytes(bytes) : "",
                $"{stage.Message ?? stage.Reason}{Retries(stage)}",
            ]));
        session.Output.Line();
        session.Output.Line($"log       {session.Shorten(log)}");
        tail.ForEach(session.Output.Line);
    }

    static object Describe(RunRecord run) => new
    {
        run = run.Run,
        state = run.State,
        exitCode = (int?)run.Exit,
        datasets = run.Datasets,
        selection = run.Selection,
        settings = run.Settings,
        arguments = run.Arguments,
        started = run.Started,
        finished = run.Finished,
        toolVersion = run.ToolVersion,
        origin = run.Origin,
        schedule = run.Schedule,
        due = run.Due,
        attempt = run.Attempt,
    };

    /// <summary>"schedule nightly, due 2026-11-22 01:30:00 UTC, attempt 2".</summary>
    static string AskedBy(RunRecord run) => string.Join(", ",
    [
        .. run.Origin == RunCause.OfSchedule ? Array.Empty<string>() : [run.Origin ?? ""],
        .. run.Schedule is { } schedule ? [$"schedule {schedule}"] : Array.Empty<string>(),
        .. run.Due is { } due ? [$"due {Phrase.Time(due)}"] : Array.Empty<string>(),
        .. run.Attempt > 1 ? [$"attempt {run.Attempt}"] : Array.Empty<string>(),
    ]);

    static string Retries(StageRecord stage) => string.Concat(stage.Retries.Select((message, index) => $" (attempt {index + 1}: {message})"));

    public static string Word(RunState state) => state.ToString().ToLowerInvariant();

    static string Duration(RunRecord run) => run.Finished is { } finished ? Phrase.Duration(finished - run.Started) : "";
}
