namespace Pipeline.Stages;

/// <summary>Whoever watches a run: the terminal, the log, the dashboard. Called by one thread, in order; must not throw.</summary>
public interface IRunListener
{
    void RunStarted(string run, Plan plan);

    /// <summary>Gives what the stage will tell its progress to; that may be called by several threads.</summary>
    IStageListener StageStarting(StageWork work);

    /// <param name="reason">Why nothing runs: up to date, made earlier, or waiting for a stage that failed.</param>
    void StageSkipped(StageWork work, string reason);

    void StageFinished(StageWork work, StageOutcome outcome);

    void StageFailed(StageWork work, StageFailure failure);

    void RunFinished(RunResult result);
}

/// <summary>One call of a stage: for one node, or for several seeds at once.</summary>
/// <param name="Number">From 1, among the selected works of the run.</param>
/// <param name="Count">How many works were selected.</param>
public sealed record StageWork(IReadOnlyList<PlannedNode> Nodes, int Number, int Count)
{
    public IStage Stage => Nodes[0].Node.Stage;

    /// <summary>Token of who makes it: its outputs lie in the folder of that name.</summary>
    public required string Writer { get; init; }

    public string Dataset => Nodes[0].Node.Dataset;

    /// <summary>"spotify/train/mamba".</summary>
    public string Path => Nodes[0].Node.Path;

    /// <summary>What the stage is given; empty if it has none.</summary>
    public IReadOnlyList<int> Seeds => [.. Nodes.SelectMany(node => node.Node.Seeds)];

    /// <summary>The path, and the seeds where it runs for several.</summary>
    public string Title => Nodes.Count == 1 ? Nodes[0].Node.Title : $"{Path} (seeds {string.Join(", ", Seeds)})";

    /// <summary>Why it runs or not.</summary>
    public string Reason => string.Join("; ", Nodes.Select(node => node.Reason).Distinct(StringComparer.Ordinal));
}

/// <param name="Rows">Of all outputs; null where none is a table.</param>
/// <param name="Bytes">Of all outputs.</param>
public sealed record StageOutcome(TimeSpan Duration, long? Rows, long Bytes);

/// <param name="Message">What went wrong and what to do, for people.</param>
/// <param name="Cause">The exception as it was thrown; its stack is in the log if it is not the operator's to mend.</param>
/// <param name="IsCancelled">True if it was told to stop.</param>
public sealed record StageFailure(string Message, ExitCode Exit, Exception Cause, TimeSpan Duration, bool IsCancelled);

/// <param name="Failures">In the order in which they came.</param>
/// <param name="LogPath">The file with what the stages logged.</param>
public sealed record RunResult(string Run, ExitCode Exit, Plan Plan, IReadOnlyList<StageFailure> Failures, TimeSpan Duration, string LogPath);
