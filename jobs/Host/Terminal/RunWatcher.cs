using Pipeline.Stages;

namespace Pipeline.Host.Terminal;

/// <summary>Listens to a run: shows it as it goes, here and to other processes, and remembers what became of each stage.</summary>
sealed class RunWatcher(IProgressView view, DataRoot data, TimeProvider clock) : IRunListener, IDisposable
{
    readonly List<StageRow> rows = [];
    ProgressFile? file;

    /// <summary>In the order in which the stages ended or were skipped.</summary>
    public IReadOnlyList<StageRow> Rows => rows;

    public void RunStarted(string run, Plan plan)
    {
        file = new ProgressFile(data, run, clock);
        view.Planned(plan);
    }

    public IStageListener StageStarting(StageWork work)
    {
        file?.Started(work.Title);
        view.Started(work.Title);
        return new StageWatcher(view, work.Title, file);
    }

    public void StageSkipped(StageWork work, string reason)
    {
        // What should have run and did not is no less missing for that.
        var result = work.Nodes[0].Action == PlanAction.Run ? StageRow.NotRun : StageRow.Skipped;
        rows.Add(new StageRow(work.Path, work.Title, work.Seeds, result, reason, null, null, null));
    }

    public void StageFinished(StageWork work, StageOutcome outcome)
    {
        file?.Ended(work.Title);
        view.Finished(work.Title, StageRow.Done, outcome.Duration);
        rows.Add(new StageRow(work.Path, work.Title, work.Seeds, StageRow.Done, work.Reason, outcome.Duration.TotalSeconds, outcome.Rows, outcome.Bytes));
    }

    public void StageFailed(StageWork work, StageFailure failure)
    {
        var result = failure.IsCancelled ? StageRow.Cancelled : StageRow.Failed;
        file?.Ended(work.Title);
        view.Finished(work.Title, result, failure.Duration);
        rows.Add(new StageRow(work.Path, work.Title, work.Seeds, result, failure.Message, failure.Duration.TotalSeconds, null, null));
    }

    public void RunFinished(RunResult result)
    {
    }

    public void Dispose() => file?.Dispose();
}

/// <summary>What became of one stage of a run.</summary>
/// <param name="Stage">"spotify/train/mamba".</param>
/// <param name="Title">The same, and the seeds where there are several.</param>
/// <param name="Result">One of the words below.</param>
/// <param name="Reason">Why it ran or did not, or what went wrong.</param>
/// <param name="Seconds">Null if it did not run.</param>
sealed record StageRow(string Stage, string Title, IReadOnlyList<int> Seeds, string Result, string Reason, double? Seconds, long? Rows, long? Bytes)
{
    public const string Done = "done";

    /// <summary>Up to date.</summary>
    public const string Skipped = "skipped";

    public const string Failed = "failed";

    public const string Cancelled = "cancelled";

    /// <summary>The run ended before it, or what it waits for was not made.</summary>
    public const string NotRun = "not run";

    /// <summary>In the order in which a summary counts them.</summary>
    public static IReadOnlyList<string> Results { get; } = [Done, Skipped, Failed, Cancelled, NotRun];
}
