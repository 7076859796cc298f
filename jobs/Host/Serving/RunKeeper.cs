using Pipeline.Stages;

namespace Pipeline.Host.Serving;

/// <summary>
/// Goes on with runs of `serve` that nobody wanted to end: whose process was killed, or whose server was killed or stopped. Once each time, and not for ever: a run that crashes
/// each time is left to people. What a person started is theirs to resume; what a schedule started is the schedule's to try again.
/// </summary>
/// <param name="most">How many such ends in a row are gone on with.</param>
sealed class RunKeeper(LedgerIndex ledger, RunLauncher launcher, int most, ServeLog log)
{
    /// <summary>Runs that were dealt with here, so that one that cannot be gone on with is not tried twice a second.</summary>
    readonly HashSet<string> known = new(StringComparer.Ordinal);

    /// <summary>Starts what was broken off since.</summary>
    public Task VisitAsync()
    {
        var runs = ledger.Runs();
        var later = new HashSet<string>(StringComparer.Ordinal);
        foreach (var run in runs.Reverse())
        {
            // Whoever ran the dataset since has decided what becomes of it.
            var isLast = !run.Datasets.Any(later.Contains);
            later.UnionWith(run.Datasets);
            var isOurs = run.IsServed && run.Origin != RunCause.OfSchedule && run.Host == Environment.MachineName;
            if (isLast && isOurs && IsBrokenOff(run) && !known.Contains(run.Run))
            {
                GoOn(run, runs);
                known.Add(run.Run);
            }
        }

        return Task.CompletedTask;
    }

    void GoOn(RunHeadline run, IReadOnlyList<RunHeadline> runs)
    {
        var (what, times) = (run.State == RunState.Crashed ? "run crashed" : "run stopped with its server", TimesInARow(run, runs));
        if (times > most)
        {
            log.Warn($"{what}, left to people", ("run", run.Run), ("times", times), ("limit", most));
            return;
        }

        log.Warn($"{what}, going on with it", ("run", run.Run), ("times", times), ("limit", most));
        launcher.Start(new RunOrder { Resumes = run.Run });
    }

    static bool IsBrokenOff(RunHeadline run) => run.State == RunState.Crashed || run is { State: RunState.Cancelled, IsTransient: true };

    /// <summary>The run itself, and those that it goes on with, as far as they were broken off.</summary>
    static int TimesInARow(RunHeadline run, IReadOnlyList<RunHeadline> runs)
    {
        var byName = runs.ToDictionary(each => each.Run, StringComparer.Ordinal);
        var count = 1;
        while (run.Resumes is { } earlier && byName.TryGetValue(earlier, out var before) && IsBrokenOff(before))
        {
            count++;
            run = before;
        }

        return count;
    }
}
