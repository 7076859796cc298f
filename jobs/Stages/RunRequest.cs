namespace Pipeline.Stages;

/// <summary>What one run is asked to do.</summary>
public sealed record RunRequest
{
    /// <summary>All datasets that a word of the selection may name.</summary>
    public required IReadOnlyList<StageGraph> Graphs { get; init; }

    /// <summary>See <see cref="Selection"/>; empty means everything.</summary>
    public IReadOnlyList<string> Selection { get; init; } = [];

    /// <summary>Selected stages run although they are fresh.</summary>
    public bool IsForced { get; init; }

    /// <summary>After a failure, what does not depend on the failed stage still runs.</summary>
    public bool KeepsGoing { get; init; }

    /// <summary>Not null: of the one dataset selected, only publish this: a generation, the beginning of its name, or a run that published it.</summary>
    public string? PublishTo { get; init; }

    /// <summary>At least 1; never changes the bytes.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>What --set changed, for the ledger: `resume` applies it again.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>The command line, for the ledger and for whoever finds the dataset locked.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>What asked for the run; null for a person's command line.</summary>
    public RunCause? Cause { get; init; }

    /// <summary>How often a stage is tried again after a passing error (<see cref="StageFailures.IsTransient"/>).</summary>
    public int StageRetries { get; init; } = 2;

    /// <summary>Before the second attempt of a stage; doubled before each further one.</summary>
    public TimeSpan StageRetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long one stage may take, its repetitions included; null for no limit.</summary>
    public TimeSpan? StageTimeout { get; init; }

    /// <summary>How long the whole run may take; null for no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Refuse what by estimate does not fit on the disk.</summary>
    public bool RequiresSpace { get; init; } = true;

    /// <summary>True if `serve` started the run.</summary>
    public bool IsServed { get; init; }

    /// <summary>The command that goes on with this run if it stops before its end.</summary>
    public string GoOn { get; init; } = "pipeline resume";

    public required string ToolVersion { get; init; }

    /// <summary>Vector width that computes: "avx512", "avx2", "vector128".</summary>
    public required string Simd { get; init; }

    /// <summary>Who computes; never changes the bytes.</summary>
    public IStageExecutor Executor { get; init; } = new LocalExecutor();

    /// <summary>Which signal cancelled the run, asked when it was: Cancelled or Terminated.</summary>
    public Func<ExitCode> CancelledBy { get; init; } = () => ExitCode.Cancelled;

    /// <summary>True if nobody wanted the run's end, only its server stopped; asked when it was cancelled.</summary>
    public Func<bool> IsInterrupted { get; init; } = () => false;
}
