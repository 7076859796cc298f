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
}

/// <summary>One line of the ledger. Fields that the event does not have are null and left out.</summary>
public sealed record LedgerEntry
{
    /// <summary>UTC.</summary>
    public DateTimeOffset Time { get; init; }

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

    public int? Pid { get; init; }

    public string? Host { get; init; }

    public string? ToolVersion { get; init; }

    /// <summary>"spotify/train/mamba".</summary>
    public string? Stage { get; init; }

    /// <summary>Of a stage; empty if it has none.</summary>
    public IReadOnlyList<int>? Seeds { get; init; }

    /// <summary>Why a stage started or was skipped.</summary>
    public string? Reason { get; init; }

    public double? DurationSeconds { get; init; }

    /// <summary>Of all outputs; null where none is a table.</summary>
    public long? Rows { get; init; }

    public long? Bytes { get; init; }

    /// <summary>What went wrong.</summary>
    public string? Message { get; init; }

    public ExitCode? Exit { get; init; }
}
