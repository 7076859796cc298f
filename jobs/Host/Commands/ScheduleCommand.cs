using System.CommandLine;
using System.Globalization;
using Pipeline.Host.Schedule;
using Pipeline.Host.Terminal;
using Pipeline.Stages;

namespace Pipeline.Host.Commands;

/// <summary>`schedule`: what runs when, and the switches.</summary>
static class ScheduleCommand
{
    public const string Due = "--due", Attempt = "--attempt";

    const int DefaultCount = 5;

    public static Command Create(CliContext context, CommonOptions common) => new("schedule", "Look at schedules, pause and resume them, run one now.")
    {
        List(context, common),
        Next(context, common),
        Trigger(context, common),
        Switch("pause", "No runs by the clock from now on; a server that is up obeys at once.", isPaused: true, context, common),
        Switch("resume", "Runs by the clock again. What was due meanwhile is not caught up.", isPaused: false, context, common),
    };

    static Command List(CliContext context, CommonOptions common)
    {
        var command = new Command("list", "All schedules: what they run, how it went last, when they run next.");
        command.SetAction(parsed =>
        {
            var book = new ScheduleBook(context, common.Read(parsed));
            book.Check();
            var output = book.Session.Output;
            var rows = ScheduleStatus.Of(book, new LedgerIndex(book.Session.Data, context.Clock));
            output.Json(new { schedules = rows.Select(row => row.Document()) });
            if (rows.Count == 0)
            {
                output.Line($"No schedule. Declare one in 'schedules' of {LoadedConfiguration.FileName}, as \"nightly\": {{ \"cron\": \"30 2 * * *\", \"timeZone\": \"Europe/Berlin\" }}");
                return (int)ExitCode.Ok;
            }

            output.Table(
                ["schedule", "cron", "zone", "selection", "last run", "result", "next (local)", "next (UTC)"],
                rows.Select(row => (IReadOnlyList<string>)
                [
                    row.Entry.Name, row.Entry.Options.Cron, row.Entry.Options.TimeZone, string.Join(' ', row.Selection), row.State.LastRun?.Run ?? "-", row.Result,
                    row.IsPaused ? "paused" : row.Next is { } next ? Phrase.Local(next) : "never",
                    !row.IsPaused && row.Next is { } instant ? Phrase.Time(instant) : "",
                ]));
            return (int)ExitCode.Ok;
        });
        return command;
    }

    static Command Next(CliContext context, CommonOptions common)
    {
        var name = new Argument<string?>("name") { Description = "Default: all schedules.", Arity = ArgumentArity.ZeroOrOne };
        var count = Arguments.Count("--count", $"So many instants of each. Default: {DefaultCount}.");
        var command = new Command("next", "When schedules are due next.") { name, count };
        command.SetAction(parsed =>
        {
            var book = new ScheduleBook(context, common.Read(parsed));
            var fires = book.FindOrAll(parsed.GetValue(name))
                .SelectMany(entry => entry.Times.After(context.Clock.GetUtcNow()).Take(parsed.GetValue(count) ?? DefaultCount).Select(due => (Schedule: entry.Name, Due: due)))
                .OrderBy(fire => fire.Due).ThenBy(fire => fire.Schedule, StringComparer.Ordinal).ToList();
            book.Session.Output.Json(new { fires = fires.Select(fire => new { schedule = fire.Schedule, local = fire.Due, utc = fire.Due.UtcDateTime }) });
            book.Session.Output.Table(
                ["schedule", "due (local)", "due (UTC)"],
                fires.Select(fire => (IReadOnlyList<string>)[fire.Schedule, Phrase.Local(fire.Due), Phrase.Time(fire.Due)]));
            return (int)ExitCode.Ok;
        });
        return command;
    }

    static Command Trigger(CliContext context, CommonOptions common)
    {
        var name = new Argument<string>("name") { Description = "Its name in pipeline.json." };
        var due = new Option<DateTimeOffset?>(Due) { Description = "The instant that the run is for, as a server says it.", Hidden = true, CustomParser = ParseInstant };
        var attempt = Arguments.Count(Attempt, "Number of the attempt, as a server says it.");
        attempt.Hidden = true;
        var command = new Command("trigger", "Run a schedule's selection now, with its settings.") { name, due, attempt };
        command.SetAction(async (parsed, cancellation) =>
        {
            var book = new ScheduleBook(context, common.Read(parsed));
            return (int)await book.RunAsync(new Fire(parsed.GetValue(name)!, parsed.GetValue(due), parsed.GetValue(attempt) ?? 1), cancellation);
        });
        return command;
    }

    static Command Switch(string verb, string description, bool isPaused, CliContext context, CommonOptions common)
    {
        var name = new Argument<string>("name") { Description = "Its name in pipeline.json." };
        var command = new Command(verb, description) { name };
        command.SetAction(parsed =>
        {
            var book = new ScheduleBook(context, common.Read(parsed));
            var entry = book.Find(parsed.GetValue(name)!);
            var ledger = new Ledger(book.Session.Data, context.Clock);
            if (isPaused)
            {
                ledger.Pause(entry.Name);
            }
            else
            {
                ledger.Resume(entry.Name);
            }

            book.Session.Output.Json(new { schedule = entry.Name, isPaused });
            book.Session.Output.Line(isPaused
                ? $"{entry.Name} is paused. To go on: {book.Session.Again($"pipeline schedule resume {entry.Name}")}"
                : $"{entry.Name} runs by the clock again, next at {(entry.Times.Next(context.Clock.GetUtcNow()) is { } next ? Phrase.Local(next) : "no time")}.");
            return (int)ExitCode.Ok;
        });
        return command;
    }

    static DateTimeOffset? ParseInstant(System.CommandLine.Parsing.ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant))
        {
            return instant;
        }

        result.AddError($"{Due} is '{text}'; it must be an instant as 2026-11-22T01:30:00Z.");
        return null;
    }
}
