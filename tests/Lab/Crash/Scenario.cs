namespace Pipeline.Lab.Crash;

/// <summary>What is attacked: the commands, what they begin with, and what they leave when nobody attacks them.</summary>
sealed record Scenario
{
    public required string Name { get; init; }

    /// <summary>A data root to begin with; null for an empty one.</summary>
    public required string? Start { get; init; }

    public required int[] Seeds { get; init; }

    public required int Steps { get; init; }

    public required IReadOnlyList<Step> Script { get; init; }

    /// <summary>Of processes in one round.</summary>
    public required int MostKills { get; init; }

    /// <summary>Of each command, unbroken.</summary>
    public IReadOnlyList<StepOutcome> Outcomes { get; init; } = [];

    public SortedDictionary<string, string> Expected { get; init; } = [];

    /// <summary>The same where somebody pruned in the end.</summary>
    public SortedDictionary<string, string> ExpectedPruned { get; init; } = [];

    /// <summary>Of the ledger of <see cref="Start"/>.</summary>
    public int LinesAtStart { get; init; }

    public LedgerExpectation Told { get; init; } = new([]);
}

/// <param name="Milliseconds">That it takes.</param>
/// <param name="Lines">Of the ledger that it writes.</param>
/// <param name="Shown">What is current and pinned afterwards.</param>
sealed record StepOutcome(int Milliseconds, int Lines, SortedDictionary<string, string> Shown);
