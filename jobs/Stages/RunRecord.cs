namespace Pipeline.Stages;

public enum RunState
{
    Running,
    Succeeded,
    Failed,
    Cancelled,

    /// <summary>It never said that it ended, and nobody holds its lock.</summary>
    Crashed,
}

/// <summary>A run as the ledger tells it.</summary>
public sealed record RunRecord
{
    /// <summary>"20261121-003512-417".</summary>
    public required string Run { get; init; }

    public required RunState State { get; init; }

    public required IReadOnlyList<string> Datasets { get; init; }

    public required IReadOnlyList<string> Selection { get; init; }

    public required IReadOnlyList<string> Settings { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>"schedule", "trigger" or "resume" (see <see cref="RunCause"/>); null for a person's command line.</summary>
    public string? Origin { get; init; }

    /// <summary>The schedule that it belongs to; null if to none.</summary>
    public string? Schedule { get; init; }

    /// <summary>UTC: the instant of the schedule that it is for; null if a person chose the moment.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>From 1; above that, runs of the same due instant have failed before.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>True if it failed for nothing but passing reasons, or stopped because its server did; not if a person asked it to stop.</summary>
    public bool IsTransient { get; init; }

    /// <summary>True if a person asked it to stop.</summary>
    public bool IsCancelAsked { get; init; }

    /// <summary>Of a run that publishes by hand: the generation or run that was named.</summary>
    public string? To { get; init; }

    /// <summary>True if `serve` started it and goes on with it if it crashes.</summary>
    public bool IsServed { get; init; }

    /// <summary>The run that it goes on with; null if it is no other's continuation.</summary>
    public string? Resumes { get; init; }

    /// <summary>True if somebody outside was told how it ended.</summary>
    public bool IsTold { get; init; }

    public string? ToolVersion { get; init; }

    public int? Pid { get; init; }

    public string? Host { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>UTC; null while it runs and if it crashed.</summary>
    public DateTimeOffset? Finished { get; init; }

    public ExitCode? Exit { get; init; }

    /// <summary>In the order in which they were started or skipped.</summary>
    public required IReadOnlyList<StageRecord> Stages { get; init; }

    /// <summary>Gathers lines into runs, by the order of their first lines. A run whose first line is lost is left out.</summary>
    public static IReadOnlyList<RunRecord> From(IReadOnlyList<LedgerEntry> entries) =>
    [
        .. entries.GroupBy(entry => entry.Run, StringComparer.Ordinal)
            .Where(run => run.Any(entry => entry.Event == LedgerEvent.RunStarted))
            .Select(run => From(run.Key, [.. run])),
    ];

    /// <summary>The same of a run that nobody executes any more.</summary>
    internal RunRecord AsBroken() => this with
    {
        State = StateOfBroken(IsCancelAsked),
        Stages = [.. Stages.Select(stage => stage.State == RunState.Running ? stage with { State = StateOfBroken(IsCancelAsked) } : stage)],
    };

    internal RunHeadline Headline => new(Run, State, Datasets, Selection, Started, Finished, Exit, Pid, Stages.FirstOrDefault(stage => stage.State == RunState.Failed)?.Message, Schedule)
    {
        Host = Host,
        Origin = Origin,
        IsServed = IsServed,
        Resumes = Resumes,
        IsTold = IsTold,
        IsTransient = IsTransient,
        IsCancelAsked = IsCancelAsked,
    };

    /// <summary>Of a run that never said that it ended. What a person wanted to stop has stopped.</summary>
    internal static RunState StateOfBroken(bool isCancelAsked) => isCancelAsked ? RunState.Cancelled : RunState.Crashed;

    internal static RunState StateOf(ExitCode? exit) => exit switch
    {
        null => RunState.Running,
        ExitCode.Ok => RunState.Succeeded,
        ExitCode.Cancelled or ExitCode.Terminated => RunState.Cancelled,
        _ => RunState.Failed,
    };

    static RunRecord From(string run, List<LedgerEntry> entries)
    {
        var started = entries.Find(entry => entry.Event == LedgerEvent.RunStarted)!;
        var finished = entries.Find(entry => entry.Event == LedgerEvent.RunFinished);
        var isCancelAsked = entries.Exists(entry => entry.Event == LedgerEvent.CancelAsked);
        return new RunRecord
        {
            Run = run,
            State = StateOf(finished?.Exit),
            Datasets = started.Datasets ?? [],
            Selection = started.Selection ?? [],
            Settings = started.Settings ?? [],
            Arguments = started.Arguments ?? [],
            Origin = started.Origin,
            Schedule = started.Schedule,
            Due = started.Due,
            Attempt = started.Attempt ?? 1,
            IsTransient = finished?.IsTransient == true && !isCancelAsked,
            IsCancelAsked = isCancelAsked,
            To = started.To,
            IsServed = started.IsServed ?? false,
            Resumes = started.Resumes,
            IsTold = entries.Exists(entry => entry.Event == LedgerEvent.WebhookSent),
            ToolVersion = started.ToolVersion,
            Pid = started.Pid,
            Host = started.Host,
            Started = started.Time,
            Finished = finished?.Time,
            Exit = finished?.Exit,
            Stages = StageRecord.From(entries),
        };
    }
}

/// <summary>A stage of a run: one call of it, for one or several seeds.</summary>
public sealed record StageRecord
{
    /// <summary>"spotify/train/mamba".</summary>
    public required string Stage { get; init; }

    public required IReadOnlyList<int> Seeds { get; init; }

    public required RunState State { get; init; }

    /// <summary>True if nothing had to run.</summary>
    public bool IsSkipped { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset Started { get; init; }

    public double? DurationSeconds { get; init; }

    public long? Rows { get; init; }

    public long? Bytes { get; init; }

    /// <summary>Names of the generations that it made or found made, one per seed; empty while there are none.</summary>
    public IReadOnlyList<string> Made { get; init; } = [];

    /// <summary>Why it ran or was skipped.</summary>
    public string? Reason { get; init; }

    /// <summary>What went wrong.</summary>
    public string? Message { get; init; }

    /// <summary>What went wrong in each attempt that was followed by another.</summary>
    public IReadOnlyList<string> Retries { get; init; } = [];

    internal static IReadOnlyList<StageRecord> From(IReadOnlyList<LedgerEntry> entries)
    {
        var stages = new List<StageRecord>();
        foreach (var entry in entries.Where(entry => entry.Stage is not null))
        {
            var started = stages.FindLastIndex(stage => stage.State == RunState.Running && stage.Stage == entry.Stage && stage.Seeds.SequenceEqual(entry.Seeds ?? []));
            var record = started < 0 ? Begin(entry) : stages[started];
            record = Add(record, entry);
            if (started < 0)
                stages.Add(record);
            else
                stages[started] = record;
        }

        return stages;
    }

    static StageRecord Begin(LedgerEntry entry) => new() { Stage = entry.Stage!, Seeds = entry.Seeds ?? [], State = RunState.Running, Started = entry.Time };

    static StageRecord Add(StageRecord record, LedgerEntry entry) => entry.Event == LedgerEvent.StageRetried
        ? record with { Retries = [.. record.Retries, entry.Message ?? ""] }
        : End(record, entry);

    static StageRecord End(StageRecord record, LedgerEntry entry) => record with
    {
        State = entry.Event switch
        {
            LedgerEvent.StageStarted => RunState.Running,
            LedgerEvent.StageFinished or LedgerEvent.StageSkipped => RunState.Succeeded,
            LedgerEvent.StageCancelled => RunState.Cancelled,
            _ => RunState.Failed,
        },
        IsSkipped = entry.Event == LedgerEvent.StageSkipped,
        DurationSeconds = entry.DurationSeconds,
        Rows = entry.Rows,
        Bytes = entry.Bytes,
        Made = entry.Made ?? [],
        Reason = entry.Reason ?? record.Reason,
        Message = entry.Message,
    };
}
