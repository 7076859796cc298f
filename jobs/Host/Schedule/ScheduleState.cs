using Pipeline.Stages;

namespace Pipeline.Host.Schedule;

/// <summary>What the ledger knows of one schedule. Nothing about it is remembered anywhere else.</summary>
sealed record ScheduleState
{
    /// <summary>The latest due instant that was decided about. UTC; null if none was.</summary>
    public DateTimeOffset? LastDue { get; init; }

    /// <summary>When the schedule was met for the first time, changed or resumed: instants before are none of ours. UTC; null if it was never met.</summary>
    public DateTimeOffset? CountsFrom { get; init; }

    /// <summary>Cron and zone when it was met.</summary>
    public string? Definition { get; init; }

    /// <summary>What a person said last; null if nobody said anything.</summary>
    public bool? IsPausedByHand { get; init; }

    /// <summary>Due instants that fired and whose run has not begun, in order.</summary>
    public IReadOnlyList<DateTimeOffset> Owed { get; init; } = [];

    /// <summary>The latest run that belongs to it, whoever asked for it; null if there is none.</summary>
    public RunRecord? LastRun { get; init; }

    /// <summary>The last run's due instant is not tried again, for the next attempt could not begin.</summary>
    public bool IsGivenUp { get; init; }

    public bool IsRunning { get; init; }

    /// <summary>Later instants are still to be decided about. Null if the schedule was never met.</summary>
    public DateTimeOffset? Anchor => LastDue is null || CountsFrom > LastDue ? CountsFrom : LastDue;

    public bool IsPaused(ScheduleOptions options) => IsPausedByHand ?? options.Paused;

    public static ScheduleState Of(string schedule, LedgerIndex ledger)
    {
        // Lines before runs: a run that begins in between is seen, and at worst refused by the ledger.
        var lines = ledger.LinesOf(schedule).ToList();
        var mine = ledger.Runs().Where(run => run.Schedule == schedule).ToList();
        var last = mine.Count == 0 ? null : ledger.Find(mine[^1].Run);
        var added = lines.FindLast(line => line.Event == LedgerEvent.ScheduleAdded);
        var resumed = lines.FindLast(line => line.Event == LedgerEvent.ScheduleResumed);
        var decided = lines.Where(line => line.Due is not null && line.Event is LedgerEvent.ScheduleFired or LedgerEvent.ScheduleMissed or LedgerEvent.ScheduleSkipped or LedgerEvent.RunStarted).ToList();
        var settled = decided.Where(line => line.Event is LedgerEvent.ScheduleSkipped or LedgerEvent.RunStarted).Select(line => line.Due).ToHashSet();
        return new ScheduleState
        {
            LastDue = decided.Max(line => line.Due),
            CountsFrom = new[] { added?.Time, resumed?.Time }.Max(),
            Definition = added?.Message,
            IsPausedByHand = lines.FindLast(line => line.Event is LedgerEvent.SchedulePaused or LedgerEvent.ScheduleResumed)?.Event switch
            {
                null => null,
                var said => said == LedgerEvent.SchedulePaused,
            },
            Owed = [.. decided.Where(line => line.Event == LedgerEvent.ScheduleFired && !settled.Contains(line.Due)).Select(line => line.Due!.Value).Distinct().Order()],
            LastRun = last,
            IsGivenUp = last?.Due is { } due && lines.Exists(line => line.Event == LedgerEvent.ScheduleSkipped && line.Due == due),
            IsRunning = mine.Exists(run => run.State == RunState.Running),
        };
    }
}
