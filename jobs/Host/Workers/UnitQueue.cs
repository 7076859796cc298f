using Npgsql;
using Pipeline.Stages.Units;

namespace Pipeline.Host.Workers;

/// <summary>
/// The table of units as one worker sees it, over one connection that it keeps. Whoever takes a unit raises its fence by one and holds an
/// advisory lock that bears the fence: the lock ends with the connection, so a killed worker's unit is free at once; the lease ends by the
/// database's clock, so a paused or cut off worker's unit is free a little later. Every word about a unit names the fence, and is
/// not heard if the unit has been taken since.
/// </summary>
sealed class UnitQueue(NpgsqlConnection connection, long worker, string name, BuildIdentity identity)
{
    const string LockOf = "hashtextextended('pipeline.unit/' || id || '/' || fence, 0)";
    const string Mine = "id = @id AND fence = @fence AND state = 'taken'";

    /// <summary>Takes the oldest unit that is free and that this build may do; null if there is none.</summary>
    /// <param name="roots">The data roots that are seen from here.</param>
    public async Task<TakenUnit?> TakeAsync(IReadOnlyCollection<string> roots, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var taken = await connection.QueryAsync(
            $"""
            WITH free AS (
              SELECT id FROM pipeline.units
              WHERE root = ANY(@roots) AND build = @build AND simd = @simd AND fence < {UnitTable.MostTakes}
                AND (state = 'waiting' OR state = 'taken' AND (lease_until < clock_timestamp() OR pg_try_advisory_xact_lock({LockOf})))
              ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
            UPDATE pipeline.units u SET state = 'taken', fence = u.fence + 1, worker = @worker, worker_name = @name, taken = clock_timestamp(),
                lease_until = clock_timestamp() + make_interval(secs => lease_seconds), done = NULL, total = NULL, counted = NULL
              FROM free WHERE u.id = free.id
              RETURNING u.id, u.fence, u.root, u.unit, u.configuration, u.lease_seconds
            """,
            reader => new TakenUnit(
                new UnitTake(reader.Get<long>("id"), reader.Get<long>("fence")), reader.Get<string>("root"), WorkUnit.FromJson(reader.Get<string>("unit")),
                reader.Get<string>("configuration"), TimeSpan.FromSeconds(reader.Get<double>("lease_seconds"))),
            cancellation, ("roots", roots.ToArray()), ("build", identity.Build), ("simd", identity.Simd), ("worker", worker), ("name", name));
        if (taken is [var unit])
        {
            // Of the session, not of the transaction: held until it is given back or the connection ends.
            await connection.ExecuteAsync($"SELECT pg_advisory_lock({LockOf}) FROM pipeline.units WHERE id = @id", cancellation, ("id", unit.Take.Id));
        }

        await transaction.CommitAsync(cancellation);
        return taken.FirstOrDefault();
    }

    /// <summary>Makes the lease begin anew and says how far the unit is. False if it is ours no more.</summary>
    public Task<bool> RenewAsync(UnitTake take, (long Done, long Total, string Unit)? progress, CancellationToken cancellation) => SayAsync(
        take, "lease_until = clock_timestamp() + make_interval(secs => lease_seconds), done = @done, total = @total, counted = @counted", cancellation,
        ("done", progress?.Done ?? 0L), ("total", progress?.Total ?? 0L), ("counted", progress?.Unit ?? ""));

    /// <summary>The one moment from which the files of a take count. False if the unit was taken from us, or called off: then they never will.</summary>
    public Task<bool> PublishAsync(UnitTake take, UnitResult result, CancellationToken cancellation) =>
        EndAsync(take, "state = 'done', result = @result, ended = clock_timestamp()", cancellation, ("result", result.ToJson()));

    public Task<bool> FailAsync(UnitTake take, string message, int exit, CancellationToken cancellation) => EndAsync(
        take, "state = 'failed', message = @message, exit = @exit, ended = clock_timestamp()", cancellation, ("message", message.Replace("\0", "")), ("exit", exit));

    /// <summary>Gives it to whoever comes next.</summary>
    public Task<bool> ReleaseAsync(UnitTake take, CancellationToken cancellation) => EndAsync(take, "state = 'waiting', lease_until = NULL", cancellation);

    /// <summary>True if somebody else has taken the unit since: what we left is of no use to anybody.</summary>
    public async Task<bool> IsTakenByOtherAsync(UnitTake take, CancellationToken cancellation) =>
        (await connection.QueryAsync("SELECT fence FROM pipeline.units WHERE id = @id", reader => reader.GetInt64(0), cancellation, ("id", take.Id))) is [var fence] && fence != take.Fence;

    async Task<bool> EndAsync(UnitTake take, string change, CancellationToken cancellation, params (string, object?)[] values)
    {
        var isMine = await SayAsync(take, change, cancellation, values);
        await connection.ExecuteAsync("SELECT pg_advisory_unlock_all()", cancellation);
        return isMine;
    }

    async Task<bool> SayAsync(UnitTake take, string change, CancellationToken cancellation, params (string, object?)[] values) =>
        await connection.ExecuteAsync($"UPDATE pipeline.units SET {change} WHERE {Mine}", cancellation, [("id", take.Id), ("fence", take.Fence), .. values]) == 1;
}

/// <param name="Root">Identity of the data root it belongs to.</param>
/// <param name="Configuration">The run's options as JSON.</param>
/// <param name="Lease">How long others wait for a word of us.</param>
sealed record TakenUnit(UnitTake Take, string Root, WorkUnit Unit, string Configuration, TimeSpan Lease);
