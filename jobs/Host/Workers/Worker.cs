using Npgsql;
using Pipeline.Stages;

namespace Pipeline.Host.Workers;

/// <summary>Takes units and does them, one at a time, until it is told to stop. If the database goes away it drops its unit and comes back later.</summary>
/// <param name="note">A line for the operator.</param>
sealed class Worker(WorkerSettings settings, StoreAddress address, IReadOnlyList<IDatasetPipeline> datasets, TimeProvider clock, Action<string> note)
{
    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500), FirstWait = TimeSpan.FromMilliseconds(500), IdleBeforeForgetting = TimeSpan.FromSeconds(10);

    bool wasHeard;

    /// <summary>Units that it did and that count.</summary>
    public int Published { get; private set; }

    /// <exception cref="PipelineException">The store refuses.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        await using var source = address.Open(isPooled: false);
        for (var wait = FirstWait; !stop.IsCancellationRequested; wait = StoreRetry.Longer(wait))
        {
            wasHeard = false;
            try
            {
                await using var connection = await source.OpenConnectionAsync(stop);
                await ServeAsync(connection, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is NpgsqlException or IOException || StoreErrors.IsLost(error))
            {
                if (error is NpgsqlException && !StoreErrors.IsLost(error))
                {
                    throw StoreErrors.Explain(address, error);
                }

                wait = wasHeard ? FirstWait : wait;
                note($"The {(error is IOException ? "data root" : "store")} does not answer ({error.Message.TrimEnd('.')}). Trying again in {wait.TotalSeconds:0.0} s.");
            }

            await WaitAsync(wait, stop);
        }
    }

    async Task ServeAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        await StoreSchema.PrepareAsync(connection, stop);
        var roots = SharedRoot.Below(settings.Data);
        var number = await WorkerTable.EnterAsync(connection, settings.Name, settings.Threads, settings.Identity, roots.Keys, stop);
        await UnitTable.ListenAsync(connection, stop);
        wasHeard = true;
        note($"{settings.Name.Name} waits for units of {settings.Data}: {settings.Threads} threads, {settings.Identity.Simd}, pipeline {settings.Identity.Build}.");
        var queue = new UnitQueue(connection, number, settings.Name.Name, settings.Identity);
        using var units = new UnitWork(settings, queue, datasets, clock, note, () => WorkerTable.BeatAsync(connection, number, roots.Keys, CancellationToken.None));
        var idle = clock.GetTimestamp();
        while (!stop.IsCancellationRequested)
        {
            roots = SharedRoot.Below(settings.Data);
            await WorkerTable.BeatAsync(connection, number, roots.Keys, stop);
            if (await queue.TakeAsync(roots.Keys, CancellationToken.None) is { } taken)
            {
                Published += await units.DoAsync(taken, roots[taken.Root], stop) ? 1 : 0;
                idle = clock.GetTimestamp();
                continue;
            }

            if (clock.GetElapsedTime(idle) > IdleBeforeForgetting)
            {
                units.Forget();
            }

            // Ends at once when units are put in. Not by `stop`: what is cut off in the middle of a read is no use to say good-bye with.
            await connection.WaitAsync(Poll, CancellationToken.None);
        }

        await WorkerTable.LeaveAsync(connection, number, CancellationToken.None);
    }

    async Task WaitAsync(TimeSpan time, CancellationToken stop) => await Task.Delay(time, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}

/// <param name="Data">The data root, absolute.</param>
/// <param name="Threads">At least 1.</param>
sealed record WorkerSettings(WorkerName Name, string Data, int Threads, BuildIdentity Identity);
