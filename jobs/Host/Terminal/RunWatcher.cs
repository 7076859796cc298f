using Pipeline.Stages;

namespace Pipeline.Host.Terminal;

/// <summary>Listens to a run: shows it as it goes, and remembers what became of each stage.</summary>
sealed class RunWatcher(IProgressView view) : IRunListener
{
    readonly List<StageRow> rows = [];

    /// <summary>In the order in which the stages ended or were skipped.</summary>
    public IReadOnlyList<StageRow> Rows => rows;

    public void RunStarted(string run, Plan plan)
    {
    }

    public IStageListener StageStarting(StageWork work)
    {
        view.Started(work.Title);
        return new StageWatcher(view, work.Title);
    }

    public void StageSkipped(StageWork work, string reason) => rows.Add(new StageRow(work.Path, work.Seeds, "skipped", reason, null, null, null));

    public void StageFinished(StageWork work, StageOutcome outcome)
    {
        view.Finished(work.Title, "done", outcome.Duration);
        rows.Add(new StageRow(work.Path, work.Seeds, "done", work.Reason, outcome.Duration.TotalSeconds, outcome.Rows, outcome.Bytes));
    }

    public void StageFailed(StageWork work, StageFailure failure)
    {
        var result = failure.IsCancelled ? "cancelled" : "failed";
        view.Finished(work.Title, result, failure.Duration);
        rows.Add(new StageRow(work.Path, work.Seeds, result, failure.Message, failure.Duration.TotalSeconds, null, null));
    }

    public void RunFinished(RunResult result)
    {
    }

    sealed class StageWatcher(IProgressView view, string title) : IStageListener
    {
        public void Progress(long done, long total, string unit) => view.Progress(title, done, total, unit);

        // The lines are in the run's log; a terminal shows where the run stands, not what it said.
        public void Log(string line)
        {
        }
    }
}

/// <summary>What became of one stage of a run.</summary>
/// <param name="Result">"done", "skipped", "failed" or "cancelled".</param>
/// <param name="Reason">Why it ran or was skipped, or what went wrong.</param>
/// <param name="Seconds">Null if it was skipped.</param>
sealed record StageRow(string Stage, IReadOnlyList<int> Seeds, string Result, string Reason, double? Seconds, long? Rows, long? Bytes);
