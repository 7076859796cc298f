using Pipeline.Stages;

namespace Pipeline.Host;

/// <summary>What a command asks of a run.</summary>
/// <param name="Selection">Words of the selection grammar, at least one.</param>
sealed record RunOptions(IReadOnlyList<string> Selection)
{
    /// <summary>Selected stages run although they are fresh.</summary>
    public bool IsForced { get; init; }

    /// <summary>After a failure, what does not depend on the failed stage still runs.</summary>
    public bool KeepsGoing { get; init; }

    /// <summary>See <see cref="RunRequest.PublishTo"/>.</summary>
    public string? PublishTo { get; init; }

    /// <summary>Address of the store that shares the work; null for that of pipeline.json, if there is one.</summary>
    public string? Store { get; init; }

    /// <summary>What asked for the run; null for a person's command line.</summary>
    public RunCause? Cause { get; init; }

    /// <summary>How long the run may take; 0 for no limit.</summary>
    public int TimeoutMinutes { get; init; }

    /// <summary>Name of the experiment whose run it is; null for none.</summary>
    public string? Experiment { get; init; }
}
