using Pipeline.Host.Commands;
using Pipeline.Stages;

namespace Pipeline.Host.Schedule;

/// <summary>A schedule as `schedule list` and the dashboard show it.</summary>
/// <param name="Selection">The words in force.</param>
/// <param name="Next">With the offset of its zone; null if it is never due any more.</param>
sealed record ScheduleStatus(ScheduleEntry Entry, ScheduleState State, IReadOnlyList<string> Selection, DateTimeOffset? Next)
{
    public bool IsPaused => State.IsPaused(Entry.Options);

    /// <summary>"succeeded", "failed (exit 4)", "-" if it never ran.</summary>
    public string Result => State.LastRun is { } run
        ? $"{RunsCommand.Word(run.State)}{(run.State == RunState.Failed && run.Exit is { } exit ? $" (exit {(int)exit})" : "")}"
        : "-";

    /// <summary>Of all schedules, by name.</summary>
    public static IReadOnlyList<ScheduleStatus> Of(ScheduleBook book, LedgerIndex ledger)
    {
        var now = book.Session.Clock.GetUtcNow();
        return [.. book.Entries.Select(entry => Of(book, entry, ScheduleState.Of(entry.Name, ledger), now))];
    }

    public object Document() => new
    {
        schedule = Entry.Name,
        cron = Entry.Options.Cron,
        timeZone = Entry.Options.TimeZone,
        selection = Selection,
        set = Entry.Options.Set,
        isPaused = IsPaused,
        lastRun = State.LastRun is { } run ? new { run = run.Run, state = run.State, exitCode = (int?)run.Exit, due = run.Due, origin = run.Origin, started = run.Started, finished = run.Finished } : null,
        next = Next is { } next ? new { local = next, utc = next.UtcDateTime } : null,
    };

    static ScheduleStatus Of(ScheduleBook book, ScheduleEntry entry, ScheduleState state, DateTimeOffset now) =>
        // Not before what was decided about: a clock that was put back brings nothing a second time.
        new(entry, state, book.Session.Selection(entry.Options.Selection), entry.Times.Next(state.LastDue > now ? state.LastDue.Value : now));
}
