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

    /// <summary>At least 1; never changes the bytes.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>What --set changed, for the ledger: `resume` applies it again.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>The command line, for the ledger and for whoever finds the dataset locked.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    public required string ToolVersion { get; init; }

    /// <summary>Vector width that computes: "avx512", "avx2", "vector128".</summary>
    public required string Simd { get; init; }

    /// <summary>Who computes; never changes the bytes.</summary>
    public IStageExecutor Executor { get; init; } = new LocalExecutor();

    /// <summary>Which signal cancelled the run, asked when it was: Cancelled or Terminated.</summary>
    public Func<ExitCode> CancelledBy { get; init; } = () => ExitCode.Cancelled;
}
