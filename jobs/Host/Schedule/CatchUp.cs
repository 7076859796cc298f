using System.Globalization;
using Pipeline.Stages;

namespace Pipeline.Host.Schedule;

/// <summary>What is to be done about a schedule now.</summary>
/// <param name="Lines">For the ledger, in this order and before anything else is done.</param>
/// <param name="Start">The run to begin; null if none.</param>
/// <param name="Cancels">The run that goes on is to be cancelled.</param>
/// <param name="Wake">When to ask again at the latest; null if never, for nothing is due any more.</param>
sealed record Decision(IReadOnlyList<LedgerEntry> Lines, Fire? Start, bool Cancels, DateTimeOffset? Wake);

/// <summary>
/// Decides what is due: a pure function of the ledger, the clock and the options. A due instant is the identity of what it asks for: one that is not later than the last one
/// decided about never comes again, wherever the clock is put.
/// </summary>
/// <remarks>
/// The order of a fire's lines: `scheduleFired` (it is owed), `runStarted` (it is paid), each on the disk before the next thing happens. Killed before the first, the instant
/// is simply still due. Killed between them it is owed, whatever `missed` says: it had come on time. And of two processes that both think so the ledger lets one begin.
/// </remarks>
static class CatchUp
{
    /// <summary>Later than this, an instant was missed: nobody was there. A server on a busy machine is never so late.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    /// <summary>With `missed` = all at most so many runs, of the latest instants.</summary>
    public const int MostRuns = 1000;

    static readonly TimeSpan Poll = TimeSpan.FromSeconds(30);

    /// <param name="isRunning">A run of the schedule goes on, or is just beginning.</param>
    public static Decision Decide(string schedule, ScheduleOptions options, FireTimes times, ScheduleState state, bool isRunning, DateTimeOffset now)
    {
        var lines = new List<LedgerEntry>();
        var definition = Definition(options);
        if (state.Definition != definition)
        {
            lines.Add(Line(schedule, LedgerEvent.ScheduleAdded, null, null) with { Message = definition });
        }

        var anchor = state.Definition == definition ? state.Anchor!.Value : now;
        var isPaused = state.IsPaused(options);
        var cancels = false;
        var owed = state.Owed.ToList();
        var (due, count) = DueBetween(times, anchor, now, options.Missed == Missed.All ? MostRuns : 1);
        if (isPaused && count > 0)
        {
            lines.Add(Line(schedule, LedgerEvent.ScheduleSkipped, due[^1], $"it is paused{Others(count - 1)}"));
        }
        else if (count > 0)
        {
            var isMissed = options.Missed == Missed.None && now - due[^1] > Grace;
            var runs = isMissed ? [] : due;
            if (count > runs.Count)
            {
                // The last instant before those that run: it stands for all up to it.
                var last = runs.Count == 0 ? due[^1] : LastBefore(times, anchor, runs[0]);
                lines.Add(Line(schedule, LedgerEvent.ScheduleMissed, last, $"nobody was there{Others(count - runs.Count - 1)}"));
            }

            var overlaps = isRunning && runs.Count == 1;
            foreach (var instant in runs)
            {
                var isSkipped = overlaps && options.Overlap == Overlap.Skip;
                lines.Add(Line(schedule, isSkipped ? LedgerEvent.ScheduleSkipped : LedgerEvent.ScheduleFired, instant, Reason(state, isRunning, isSkipped, instant, now)));
                if (!isSkipped)
                {
                    owed.Add(instant);
                }
            }

            cancels = overlaps && options.Overlap == Overlap.Cancel;
        }

        // While a run begins, the one before it may still be the last that the ledger knows.
        var mayBegin = !isRunning && !isPaused;
        var retryAt = mayBegin ? Retry(schedule, options, state, now) : null;
        var start = !mayBegin ? null
            : owed.Count > 0 ? new Fire(schedule, owed[0])
            : retryAt <= now ? new Fire(schedule, state.LastRun!.Due, state.LastRun.Attempt + 1)
            : null;
        DateTimeOffset?[] wakes = [times.Next(now), start is null ? retryAt : null, isRunning || owed.Count > 0 ? now + Poll : null];
        return new Decision(lines, start, cancels, wakes.Min());
    }

    /// <summary>When the last run is tried again; null if it is not. A newer instant does all that a repetition would do, so it takes its place.</summary>
    static DateTimeOffset? Retry(string schedule, ScheduleOptions options, ScheduleState state, DateTimeOffset now)
    {
        if (state.LastRun is not { Origin: RunCause.OfSchedule, Due: { } due } run || due < state.LastDue || state.IsGivenUp || !RetryPolicy.IsTransient(run) || run.Attempt > options.Retries)
        {
            return null;
        }

        // A run that crashed never said when; one whose server stopped has nothing to wait for.
        return run is { State: RunState.Failed, Finished: { } finished } ? finished + RetryPolicy.Delay(options, schedule, due, run.Attempt) : now;
    }

    /// <summary>The latest due instants in (after, now], at most so many, and how many there are in all.</summary>
    static (IReadOnlyList<DateTimeOffset> Latest, int Count) DueBetween(FireTimes times, DateTimeOffset after, DateTimeOffset now, int most)
    {
        var latest = new Queue<DateTimeOffset>();
        var count = 0;
        foreach (var due in times.After(after).TakeWhile(due => due <= now))
        {
            count++;
            latest.Enqueue(due.ToUniversalTime());
            if (latest.Count > most)
            {
                latest.Dequeue();
            }
        }

        return ([.. latest], count);
    }

    static DateTimeOffset LastBefore(FireTimes times, DateTimeOffset after, DateTimeOffset before) =>
        times.After(after).TakeWhile(due => due < before).Last().ToUniversalTime();

    static string? Reason(ScheduleState state, bool isRunning, bool isSkipped, DateTimeOffset due, DateTimeOffset now)
    {
        var running = state is { IsRunning: true, LastRun: { } run } ? $"run {run.Run}" : "the last run";
        return isSkipped ? $"{running} still goes on"
            : isRunning ? $"waits for {running}"
            : now - due > Grace ? "caught up" : null;
    }

    static string Definition(ScheduleOptions options) => $"{options.Cron} {options.TimeZone}";

    static string Others(int count) => count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", and so are {count} before it");

    static LedgerEntry Line(string schedule, LedgerEvent what, DateTimeOffset? due, string? reason) =>
        new() { Event = what, Schedule = schedule, Due = due, Reason = reason };
}
