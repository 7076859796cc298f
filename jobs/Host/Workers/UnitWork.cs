using Pipeline.Stages;
using Pipeline.Stages.Configuration;
using Pipeline.Stages.Units;

namespace Pipeline.Host.Workers;

/// <summary>Does one unit: computes it while renewing its lease, then makes it count, or clears away what must not count.</summary>
/// <param name="beat">Says that this worker is alive.</param>
sealed class UnitWork(
    WorkerSettings settings, UnitQueue queue, IReadOnlyList<IDatasetPipeline> datasets, TimeProvider clock, Action<string> note, Func<Task> beat) : IDisposable
{
    /// <summary>Renewals per lease, so that a lost one or a slow one does no harm; and never less often than every two seconds.</summary>
    const int RenewalsPerLease = 4;

    const double LongestRenewalSeconds = 2;

    (string Data, UnitRunner Runner)? last;

    /// <returns>True if the unit is done and counts.</returns>
    public async Task<bool> DoAsync(TakenUnit taken, string data, CancellationToken stop)
    {
        note($"{taken.Unit.Title}: taken (take {taken.Take.Fence})");
        var started = clock.GetTimestamp();
        using var lost = new CancellationTokenSource();
        using var ended = new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, lost.Token);
        var progress = new LastProgress();
        var keeping = KeepAsync(taken, progress, lost, ended.Token);
        var computing = Task.Run(() => ComputeAsync(taken, data, progress, either.Token), CancellationToken.None);
        await ((Task)computing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ended.CancelAsync();

        // Throws if the database went away: then nobody knows whose the unit is, and its files are left to whoever waits for it.
        var isOurs = await keeping;
        var isDone = computing.IsCompletedSuccessfully
            ? await PublishAsync(taken, computing.Result)
            : await GiveUpAsync(taken, computing.Exception?.InnerException, isOurs, stop);
        if (isDone)
        {
            note($"{taken.Unit.Title}: done in {Terminal.Phrase.Duration(clock.GetElapsedTime(started))}");
        }
        else
        {
            await ClearAsync(taken, data);
        }

        if (taken.Unit.Shards == 1)
        {
            StageMemory.GiveBack();
        }

        return isDone;
    }

    /// <summary>Lets go of what shards had in common.</summary>
    public void Forget()
    {
        if (last is not null)
        {
            Dispose();
            StageMemory.GiveBack();
        }
    }

    public void Dispose()
    {
        last?.Runner.Dispose();
        last = null;
    }

    async Task<UnitResult> ComputeAsync(TakenUnit taken, string data, IStageListener listener, CancellationToken cancellation)
    {
        if (last?.Data != data)
        {
            Dispose();
            last = (data, new UnitRunner(new DataRoot(data), settings.Threads, clock));
        }

        return await last.Value.Runner.RunAsync(taken.Unit, taken.Take, Graph(taken), listener, cancellation);
    }

    StageGraph Graph(TakenUnit taken)
    {
        var configuration = OptionsReader.Read<PipelineConfiguration>(taken.Configuration, "the unit's options", []);
        var dataset = datasets.FirstOrDefault(dataset => dataset.Name == taken.Unit.Dataset)
            ?? throw new PipelineException(ExitCode.CheckFailed, $"There is no dataset {taken.Unit.Dataset} here. All machines must have the same version of pipeline.");
        return new StageGraph(dataset.Name, dataset.Stages(configuration), dataset.Seeds(configuration));
    }

    IStage? TryStage(TakenUnit taken)
    {
        try
        {
            return UnitRunner.StageOf(taken.Unit, Graph(taken));
        }
        catch (PipelineException)
        {
            return null;
        }
    }

    /// <summary>Renews the lease until the unit has ended; stops it if it is ours no more.</summary>
    /// <returns>False if it is ours no more.</returns>
    async Task<bool> KeepAsync(TakenUnit taken, LastProgress progress, CancellationTokenSource lost, CancellationToken ended)
    {
        var pause = TimeSpan.FromSeconds(Math.Min(LongestRenewalSeconds, taken.Lease.TotalSeconds / RenewalsPerLease));
        try
        {
            while (!ended.IsCancellationRequested)
            {
                await Task.Delay(pause, clock, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (ended.IsCancellationRequested)
                {
                    break;
                }

                if (!await queue.RenewAsync(taken.Take, progress.Value, CancellationToken.None))
                {
                    await lost.CancelAsync();
                    return false;
                }

                await beat();
            }

            return true;
        }
        catch
        {
            await lost.CancelAsync();
            throw;
        }
    }

    async Task<bool> PublishAsync(TakenUnit taken, UnitResult result)
    {
        var counts = await queue.PublishAsync(taken.Take, result, CancellationToken.None);
        return counts || SayLost(taken);
    }

    /// <returns>False.</returns>
    async Task<bool> GiveUpAsync(TakenUnit taken, Exception? error, bool isOurs, CancellationToken stop)
    {
        var isStopped = error is null or OperationCanceledException && stop.IsCancellationRequested;
        if (isOurs && (isStopped
            ? await queue.ReleaseAsync(taken.Take, CancellationToken.None)
            : await queue.FailAsync(taken.Take, error!.Message, (int)StageFailures.CodeOf(error, ExitCode.StageFailed), CancellationToken.None)))
        {
            note($"{taken.Unit.Title}: {(isStopped ? "given back" : $"failed: {(error is PipelineException ? error.Message : error)}")}");
            return false;
        }

        return SayLost(taken);
    }

    /// <returns>False.</returns>
    bool SayLost(TakenUnit taken)
    {
        note($"{taken.Unit.Title}: take {taken.Take.Fence} came too late: another worker took the unit, or the run ended. Nothing of it counts.");
        return false;
    }

    /// <summary>Deletes what the take left, but not what another can go on from.</summary>
    async Task ClearAsync(TakenUnit taken, string data)
    {
        if (TryStage(taken) is not { } stage)
        {
            // It failed before it wrote anything.
            return;
        }

        if (!stage.IsResumable || await queue.IsTakenByOtherAsync(taken.Take, CancellationToken.None))
        {
            UnitFolders.Delete(UnitRunner.Folders(new DataRoot(data), taken.Unit, taken.Take, stage));
        }
    }

    sealed class LastProgress : IStageListener
    {
        readonly Lock gate = new();
        (long, long, string)? last;

        public (long Done, long Total, string Unit)? Value
        {
            get
            {
                lock (gate)
                {
                    return last;
                }
            }
        }

        public void Progress(long done, long total, string unit)
        {
            lock (gate)
            {
                last = (done, total, unit);
            }
        }

        // What a stage says travels with the result, into the log of the run.
        public void Log(string line)
        {
        }
    }
}
