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
        ledger.Append(Entry(work, LedgerEvent.StageSkipped) with { Reason = reason, Made = work.Nodes.All(node => node.Action != PlanAction.Run) ? Made(work) : null });
        listener.StageSkipped(work, reason);
    }

    public void Finished(StageWork work, StageOutcome outcome)
    {
        ledger.Append(Entry(work, LedgerEvent.StageFinished) with { DurationSeconds = outcome.Duration.TotalSeconds, Rows = outcome.Rows, Bytes = outcome.Bytes, Made = Made(work) });
        listener.StageFinished(work, outcome);
    }

    /// <param name="attempt">Number of the attempt that failed, from 1.</param>
    public void Retried(StageWork work, WatchedStage watched, int attempt, Exception error, TimeSpan delay)
    {
        watched.Log($"attempt {attempt} failed{watched.Position}, again in {delay.TotalSeconds:0.#} s: {error.Message}");
        ledger.Append(Entry(work, LedgerEvent.StageRetried) with { Attempt = attempt, Message = error.Message });
    }

    /// <summary>After `current` has moved, so that the ledger never tells of lists that nobody could read.</summary>
    public void Published(StageWork work)
    {
        var moves = work.Nodes.SelectMany(node => node.Moves).ToList();
        List<string> pinned = [.. moves.Where(move => move.IsPinned).Select(move => move.Artifact.Folder)];
        foreach (var move in moves)
            log.Write($"{work.Title}: {move.Artifact.Folder} {(move.IsPinned ? "stays pinned at" : "is at")} {move.Generation}");
        ledger.Append(new LedgerEntry
        {
            Event = LedgerEvent.Published,
            Run = run,
            Datasets = [work.Dataset],
            Generations = moves.ToDictionary(move => move.Artifact.Folder, move => move.Generation),
            Pinned = pinned.Count > 0 ? pinned : null,
        });
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

    /// <summary>Null of a stage that writes nothing.</summary>
    static IReadOnlyList<string>? Made(StageWork work) =>
        work.Stage.Writes.Count == 0 ? null : [.. work.Nodes.Select(node => node.Fingerprint[..DataRoot.NameLength])];

    LedgerEntry Entry(StageWork work, LedgerEvent what) => new() { Event = what, Run = run, Stage = work.Path, Seeds = work.Seeds };
}
