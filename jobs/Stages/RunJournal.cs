namespace Pipeline.Stages;

/// <summary>Tells every step of a run to all who keep or show it: first the ledger, then the log, then the listener.</summary>
sealed class RunJournal(string run, Ledger ledger, RunLog log, IRunListener listener)
{
    public string Run => run;

    public WatchedStage Starting(StageWork work)
    {
        ledger.Append(Entry(work, LedgerEvent.StageStarted) with { Reason = work.Reason });
        return new WatchedStage(work.Title, listener.StageStarting(work), log);
    }

    public void Skipped(StageWork work, string reason)
    {
        ledger.Append(Entry(work, LedgerEvent.StageSkipped) with { Reason = reason });
        listener.StageSkipped(work, reason);
    }

    public void Finished(StageWork work, StageOutcome outcome)
    {
        ledger.Append(Entry(work, LedgerEvent.StageFinished) with { DurationSeconds = outcome.Duration.TotalSeconds, Rows = outcome.Rows, Bytes = outcome.Bytes });
        listener.StageFinished(work, outcome);
    }

    public void Failed(StageWork work, StageFailure failure)
    {
        var isForeseen = failure.Cause is PipelineException || failure.IsCancelled;
        log.Write($"{work.Title}: {failure.Message}{(isForeseen ? "" : $"\n{failure.Cause}")}");
        ledger.Append(Entry(work, failure.IsCancelled ? LedgerEvent.StageCancelled : LedgerEvent.StageFailed) with
        {
            DurationSeconds = failure.Duration.TotalSeconds,
            Message = failure.Message,
            Exit = failure.Exit,
        });
        listener.StageFailed(work, failure);
    }

    LedgerEntry Entry(StageWork work, LedgerEvent what) => new() { Event = what, Run = run, Stage = work.Path, Seeds = work.Seeds };
}
