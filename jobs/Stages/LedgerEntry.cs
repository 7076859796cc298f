namespace Pipeline.Stages;

public enum LedgerEvent
{
    RunStarted,
    StageStarted,
    StageFinished,
    StageSkipped,
    StageFailed,
    StageCancelled,
    RunFinished,

    /// <summary>A person asked the run to stop: whatever its end is then, nobody goes on with it unasked.</summary>
    CancelAsked,

    /// <summary>An attempt failed for a passing reason; the stage is tried again.</summary>
    StageRetried,

    /// <summary>A schedule is met for the first time, or with another cron or time zone: its fires count from here.</summary>
    ScheduleAdded,

    /// <summary>The run of a due instant is owed. Written before the run is asked for.</summary>
    ScheduleFired,

    /// <summary>Nobody was there at the due instant, and it is not caught up; nor is any before it.</summary>
    ScheduleMissed,

    /// <summary>A due instant gets no run, for a reason.</summary>
    ScheduleSkipped,

    SchedulePaused,

    ScheduleResumed,

    /// <summary>A run has moved `current` of lists that passed their checks.</summary>
    Published,

    /// <summary>`current` went back to earlier generations and is pinned there. Of no run.</summary>
    RolledBack,

    /// <summary>Pins were taken away. Of no run.</summary>
    Released,

    /// <summary>Somebody outside was told how the run ended, or that a schedule's run could not begin: of which due instant, or when a person asked for it.</summary>
    WebhookSent,
}

/// <summary>One line of the ledger. Fields that the event does not have are null and left out.</summary>
public sealed record LedgerEntry
{
    /// <summary>UTC.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>Empty for what concerns a schedule alone.</summary>
    public string Run { get; init; } = "";

    public required LedgerEvent Event { get; init; }

    /// <summary>Of a run.</summary>
    public IReadOnlyList<string>? Datasets { get; init; }

    /// <summary>Of a run: the words that selected stages.</summary>
    public IReadOnlyList<string>? Selection { get; init; }

    /// <summary>Of a run: what --set changed.</summary>
    public IReadOnlyList<string>? Settings { get; init; }

    /// <summary>Of a run: the whole command line.</summary>
    public IReadOnlyList<string>? Arguments { get; init; }

    /// <summary>Of a run: who asked for it, one of <see cref="RunCause"/>; null for a person's command line.</summary>
    public string? Origin { get; init; }

    /// <summary>Of what concerns a schedule, and of a run that belongs to one.</summary>
    public string? Schedule { get; init; }

    /// <summary>UTC: the instant at which the schedule says that the run begins.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>Of a scheduled run: from 1. Of a stage that is tried again: the number of the attempt that failed.</summary>
    public int? Attempt { get; init; }

    /// <summary>Of a run that failed or was cancelled: true if it may end well when it is tried again, for its errors pass, or only its server stopped; else null.</summary>
    public bool? IsTransient { get; init; }

    /// <summary>Of a run that publishes by hand: the generation or run that was named.</summary>
    public string? To { get; init; }

    /// <summary>Names of generations by artifact folder: what is current (published), pinned (rolled back) or was pinned (released).</summary>
    public IReadOnlyDictionary<string, string>? Generations { get; init; }

    /// <summary>Of lists that were published: the artifact folders that stayed where they are pinned.</summary>
    public IReadOnlyList<string>? Pinned { get; init; }

    /// <summary>Of a run: true if `serve` started it and goes on with it if it crashes; else null.</summary>
    public bool? IsServed { get; init; }

    /// <summary>Of a run: the earlier run that it goes on with.</summary>
    public string? Resumes { get; init; }

    public int? Pid { get; init; }

    public string? Host { get; init; }

    public string? ToolVersion { get; init; }

    /// <summary>"spotify/train/mamba".</summary>
    public string? Stage { get; init; }

    /// <summary>Of a stage; empty if it has none.</summary>
    public IReadOnlyList<int>? Seeds { get; init; }

    /// <summary>Of a stage that has what it makes: names of the generations, one per seed.</summary>
    public IReadOnlyList<string>? Made { get; init; }

    /// <summary>Why a stage started or was skipped, or a due instant gets a run or none.</summary>
    public string? Reason { get; init; }

    public double? DurationSeconds { get; init; }

    /// <summary>Of all outputs; null where none is a table.</summary>
    public long? Rows { get; init; }

    public long? Bytes { get; init; }

    /// <summary>What went wrong.</summary>
    public string? Message { get; init; }

    /// <summary>Of a run that ended, and of a due instant whose run could not begin.</summary>
    public ExitCode? Exit { get; init; }
}
