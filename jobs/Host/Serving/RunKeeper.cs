using Pipeline.Stages;

namespace Pipeline.Host.Serving;

/// <summary>
/// Goes on with runs of `serve` that crashed: whose process was killed, or whose server was. Once per crash, and not for ever: a run that crashes
/// each time is left to people. What a person started is theirs to resume; what a schedule started is the schedule's to try again.
/// </summary>
/// <param name="most">How many crashes in a row are gone on with.</param>
sealed class RunKeeper(LedgerIndex ledger, RunLauncher launcher, int most, ServeLog log)
{
    /// <summary>Runs that were dealt with here, so that one that cannot be gone on with is not tried twice a second.</summary>
    readonly HashSet<string> known = new(StringComparer.Ordinal);

    /// <summary>Starts what has crashed since.</summary>
    public Task VisitAsync()
    {
        var runs = ledger.Runs();
        var later = new HashSet<string>(StringComparer.Ordinal);
        foreach (var run in runs.Reverse())
        {
            // Whoever ran the dataset since has decided what becomes of it.
            var isLast = !run.Datasets.Any(later.Contains);
            later.UnionWith(run.Datasets);
            var isOurs = run is { State: RunState.Crashed, IsServed: true } && run.Origin != RunCause.OfSchedule;
            if (isLast && isOurs && run.Host == Environment.MachineName && !known.Contains(run.Run))
            {
                GoOn(run, runs);
                known.Add(run.Run);
            }
        }

        return Task.CompletedTask;
    }

    void GoOn(RunHeadline run, IReadOnlyList<RunHeadline> runs)
    {
        var crashes = CrashesInARow(run, runs);
        if (crashes > most)
        {
            log.Warn("run left crashed", ("run", run.Run), ("crashes", crashes), ("limit", most));
            return;
        }

        log.Warn("run crashed, going on with it", ("run", run.Run), ("crashes", crashes), ("limit", most));
        launcher.Start(new RunOrder { Resumes = run.Run });
    }

    /// <summary>The run itself, and those that it goes on with, as far as they crashed.</summary>
    static int CrashesInARow(RunHeadline run, IReadOnlyList<RunHeadline> runs)
    {
        var byName = runs.ToDictionary(each => each.Run, StringComparer.Ordinal);
        var count = 1;
        while (run.Resumes is { } earlier && byName.TryGetValue(earlier, out var before) && before.State == RunState.Crashed)
        {
            count++;
            run = before;
        }

        return count;
    }
}
