using Npgsql;
using Pipeline.Stages;
using Pipeline.Stages.Configuration;
using Pipeline.Stages.Units;

namespace Pipeline.Host.Workers;

/// <summary>
/// Lets workers elsewhere do what can be done apart: each seed of a stage that runs per seed, and the shards of a stage that has them. All
/// else this process does itself, one stage at a time. It alone holds the datasets' locks, and it alone finishes generations.
/// </summary>
sealed class StoreExecutor : IStageExecutor, IAsyncDisposable
{
    /// <summary>Of one stage: enough for many workers, few enough for one table.</summary>
    const int MostShards = 256;

    const double OpeningPatienceSeconds = 30;

    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    readonly StoreAddress address;
    readonly NpgsqlDataSource source;
    readonly StoreRetry retry;
    readonly PipelineConfiguration configuration;
    readonly BuildIdentity identity;
    readonly TimeProvider clock;
    readonly Action<string> note;
    readonly LocalExecutor self = new();
    readonly SemaphoreSlim local = new(1);
    readonly HashSet<string> cleared = new(StringComparer.Ordinal);
    string root = "";

    StoreExecutor(StoreAddress address, PipelineConfiguration configuration, BuildIdentity identity, TimeProvider clock, Action<string> note)
    {
        (this.address, this.configuration, this.identity, this.clock, this.note) = (address, configuration, identity, clock, note);
        source = address.Open(isPooled: true);
        retry = new StoreRetry(address, source, TimeSpan.FromSeconds(configuration.Store.PatienceSeconds), clock, note);
    }

    public int WorksAtOnce => int.MaxValue;

    /// <summary>Prepares the store and gives the data root its identity.</summary>
    /// <param name="note">Shown to the operator.</param>
    /// <exception cref="PipelineException">The store does not answer, or refuses.</exception>
    public static async Task<StoreExecutor> OpenAsync(
        StoreAddress address, PipelineConfiguration configuration, BuildIdentity identity, TimeProvider clock, Action<string> note, CancellationToken cancellation)
    {
        var executor = new StoreExecutor(address, configuration, identity, clock, note);
        try
        {
            var patience = TimeSpan.FromSeconds(Math.Min(OpeningPatienceSeconds, configuration.Store.PatienceSeconds));
            var given = await new StoreRetry(address, executor.source, patience, clock, note).AskAsync(
                async connection =>
                {
                    await StoreSchema.PrepareAsync(connection, cancellation);
                    return (await connection.QueryAsync("SELECT gen_random_uuid()::text", reader => reader.GetString(0), cancellation))[0];
                },
                cancellation);
            executor.root = SharedRoot.ReadOrWrite(new DataRoot(configuration.Data), given);
            return executor;
        }
        catch
        {
            await executor.DisposeAsync();
            throw;
        }
    }

    public int SeedsAtOnce(IStage stage) => IsShared(stage) ? 1 : stage.SeedsAtOnce;

    public async Task RunAsync(string run, StageWork work, StageContext context, CancellationToken cancellation)
    {
        if (IsShared(work.Stage))
        {
            await ShareAsync(run, work, context, cancellation);
            return;
        }

        await local.WaitAsync(cancellation);
        try
        {
            await Task.Run(() => self.RunAsync(run, work, context, cancellation), cancellation);
        }
        finally
        {
            local.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        local.Dispose();
        await source.DisposeAsync();
    }

    /// <summary>Whether others can do it: they see the data root, but not the raw files, and publishing is no work.</summary>
    static bool IsShared(IStage stage) => stage.Writes.Count > 0 && stage.RawFolders.Count == 0 && (stage.Seeds == SeedScope.Each || stage is IShardedStage);

    async Task ShareAsync(string run, StageWork work, StageContext context, CancellationToken cancellation)
    {
        var added = new NewUnits(root, run, WorkUnit.Of(work, context, MostShards), OptionsWriter.ToText(configuration, secret: null), identity, configuration.Store.LeaseSeconds);
        UnitMerge.Prepare(work, context);
        try
        {
            await retry.AskAsync(connection => PutInAsync(connection, added, cancellation), cancellation);
            var done = await WaitAsync(added, context, cancellation);
            foreach (var row in done.Where(_ => added.Units.Count > 1))
            {
                context.Log($"{row.Title}: by {row.Worker}, take {row.Fence}");
            }

            UnitMerge.Into(work, context, [.. done.Select(row => (new UnitTake(row.Id, row.Fence), UnitResult.FromJson(row.Result!)))]);
        }
        catch
        {
            await CallOffAsync(added);
            throw;
        }
    }

    async Task<bool> PutInAsync(NpgsqlConnection connection, NewUnits added, CancellationToken cancellation)
    {
        var dataset = added.Units[0].Dataset;
        bool isFirst;
        lock (cleared)
        {
            isFirst = cleared.Add(dataset);
        }

        if (isFirst)
        {
            await UnitTable.ClearAsync(connection, added.Root, dataset, added.Run, cancellation);
        }

        return await UnitTable.AddAsync(connection, added, cancellation);
    }

    /// <summary>Until every unit of a work is done. How far they are is told as steps or rows where there is one unit, else as shards.</summary>
    async Task<List<UnitRow>> WaitAsync(NewUnits added, StageContext context, CancellationToken cancellation)
    {
        var watch = new WorkerWatch(address, identity, added, TimeSpan.FromSeconds(configuration.Store.PatienceSeconds), clock, note);
        while (true)
        {
            var rows = await retry.AskAsync(connection => UnitTable.ReadAsync(connection, added, cancellation), cancellation);
            if (rows.Find(row => row.State is UnitState.Failed or UnitState.Cancelled) is { } failed)
            {
                throw failed.State == UnitState.Cancelled
                    ? new PipelineException(ExitCode.StageFailed, $"{failed.Title} was called off by another run of the same data root.")
                    : new PipelineException((ExitCode)(failed.Exit ?? (int)ExitCode.StageFailed), $"{failed.Title}, on worker {failed.Worker}: {failed.Message}");
            }

            var done = rows.Count(row => row.State == UnitState.Done);
            if (rows.Count > 1)
            {
                context.Progress(done, rows.Count, "shards");
            }
            else if (rows is [{ Total: > 0 } only])
            {
                context.Progress(only.Done ?? 0, only.Total.Value, only.Counted ?? "");
            }

            if (done == added.Units.Count)
            {
                return rows;
            }

            if (!rows.Exists(row => row.State == UnitState.Taken))
            {
                watch.Check(await retry.AskAsync(connection => WorkerTable.ReadAsync(connection, cancellation), cancellation));
            }

            await Task.Delay(Poll, clock, cancellation);
        }
    }

    /// <summary>Whatever the end of a run was, nobody shall go on with its units. A store that is away now will be told by the next run of the dataset.</summary>
    async Task CallOffAsync(NewUnits added)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(OpeningPatienceSeconds), clock);
        try
        {
            await using var connection = await source.OpenConnectionAsync(limit.Token);
            var rows = await UnitTable.ReadAsync(connection, added, limit.Token);
            await UnitTable.CancelAsync(connection, [.. rows.Select(row => row.Id)], limit.Token);
        }
        catch (Exception error) when (error is OperationCanceledException || StoreErrors.IsLost(error))
        {
            note($"The units of {added.Units[0].Title} could not be called off ({error.Message.TrimEnd('.')}). The next run of {added.Units[0].Dataset} does it.");
        }
    }
}
