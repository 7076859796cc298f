using Npgsql;
using Pipeline.Host.Workers;
using Pipeline.Stages.Units;

namespace Pipeline.Unit.Host.Workers;

[Collection(PostgresTests.Name)]
public sealed class UnitQueueTests(PostgresServer server)
{
    const string Root = "root";

    static readonly BuildIdentity Identity = new("1.0", "avx2");
    static readonly UnitResult Result = new([], ["said"]);

    [PostgresFact]
    public async Task A_unit_is_taken_by_one_worker_alone_and_in_the_order_in_which_it_came()
    {
        var (address, added) = await WithUnitsAsync(2);
        await using var one = await PostgresServer.ConnectAsync(address);
        await using var other = await PostgresServer.ConnectAsync(address);

        var first = await Queue(one, 1).TakeAsync([Root], default);
        var second = await Queue(other, 2).TakeAsync([Root], default);

        Assert.Equal((0, 1L), (first!.Unit.Shard, first.Take.Fence));
        Assert.Equal((1, 1L), (second!.Unit.Shard, second.Take.Fence));
        await using var third = await PostgresServer.ConnectAsync(address);
        Assert.Null(await Queue(third, 3).TakeAsync([Root], default));
        Assert.Equal(added.Units[0].ToJson(), first.Unit.ToJson());
        Assert.Equal(TimeSpan.FromSeconds(added.LeaseSeconds), first.Lease);
    }

    [PostgresFact]
    public async Task Twenty_workers_who_take_at_once_take_twenty_different_units()
    {
        var (address, _) = await WithUnitsAsync(20);

        var taken = await Task.WhenAll(Enumerable.Range(0, 20).Select(async worker =>
        {
            await using var connection = await PostgresServer.ConnectAsync(address);
            var queue = Queue(connection, worker);
            var mine = (await queue.TakeAsync([Root], default))!;
            Assert.True(await queue.PublishAsync(mine.Take, Result, default));
            return mine.Take;
        }));

        Assert.Equal(20, taken.Select(take => take.Id).Distinct().Count());
        Assert.All(taken, take => Assert.Equal(1, take.Fence));
    }

    [PostgresFact]
    public async Task The_unit_of_a_worker_whose_connection_ended_is_free_at_once_although_its_lease_goes_on()
    {
        var (address, _) = await WithUnitsAsync(1, leaseSeconds: 3600);
        await using (var killed = await PostgresServer.ConnectAsync(address))
        {
            Assert.NotNull(await Queue(killed, 1).TakeAsync([Root], default));
        }

        await using var other = await PostgresServer.ConnectAsync(address);
        TakenUnit? taken = null;
        // The server notices the end of a connection a moment later.
        PostgresServer.Until(() => (taken = Queue(other, 2).TakeAsync([Root], default).GetAwaiter().GetResult()) is not null);

        Assert.Equal(2, taken!.Take.Fence);
    }

    [PostgresFact]
    public async Task After_its_lease_a_silent_worker_loses_the_unit_and_nothing_it_says_is_heard_any_more()
    {
        var (address, added) = await WithUnitsAsync(1, leaseSeconds: 3600);
        await using var paused = await PostgresServer.ConnectAsync(address);
        await using var other = await PostgresServer.ConnectAsync(address);
        var old = (await Queue(paused, 1).TakeAsync([Root], default))!.Take;
        Assert.Null(await Queue(other, 2).TakeAsync([Root], default));

        await other.ExecuteAsync("UPDATE pipeline.units SET lease_until = clock_timestamp() - interval '1 ms'", default);
        var taken = (await Queue(other, 2).TakeAsync([Root], default))!.Take;

        Assert.Equal(new UnitTake(old.Id, 2), taken);
        Assert.False(await Queue(paused, 1).RenewAsync(old, null, default));
        Assert.False(await Queue(paused, 1).PublishAsync(old, Result, default));
        Assert.False(await Queue(paused, 1).FailAsync(old, "late", 1, default));
        Assert.False(await Queue(paused, 1).ReleaseAsync(old, default));
        Assert.True(await Queue(paused, 1).IsTakenByOtherAsync(old, default));
        Assert.True(await Queue(other, 2).PublishAsync(taken, Result, default));
        Assert.False(await Queue(other, 2).PublishAsync(taken, Result, default));
        var row = Assert.Single(await UnitTable.ReadAsync(other, added, default));
        Assert.Equal((UnitState.Done, 2L, "worker 2"), (row.State, row.Fence, row.Worker));
        Assert.Equal(["said"], UnitResult.FromJson(row.Result!).Log);
    }

    [PostgresFact]
    public async Task A_worker_that_took_over_does_not_lose_the_unit_when_the_paused_one_dies()
    {
        var (address, _) = await WithUnitsAsync(1, leaseSeconds: 3600);
        await using var third = await PostgresServer.ConnectAsync(address);
        await using var other = await PostgresServer.ConnectAsync(address);
        await using (var paused = await PostgresServer.ConnectAsync(address))
        {
            await Queue(paused, 1).TakeAsync([Root], default);
            await other.ExecuteAsync("UPDATE pipeline.units SET lease_until = clock_timestamp() - interval '1 ms'", default);
            Assert.NotNull(await Queue(other, 2).TakeAsync([Root], default));
        }

        PostgresServer.Until(() => third.QueryAsync(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'", reader => reader.GetInt64(0), default).GetAwaiter().GetResult()[0] == 1);
        Assert.Null(await Queue(third, 3).TakeAsync([Root], default));
    }

    [PostgresFact]
    public async Task A_unit_is_given_only_to_who_has_the_same_build_the_same_vectors_and_the_same_data_root()
    {
        var (address, _) = await WithUnitsAsync(1);
        await using var connection = await PostgresServer.ConnectAsync(address);

        Assert.Null(await Queue(connection, 1, Identity with { Build = "1.1" }).TakeAsync([Root], default));
        Assert.Null(await Queue(connection, 1, Identity with { Simd = "avx512" }).TakeAsync([Root], default));
        Assert.Null(await Queue(connection, 1).TakeAsync(["another"], default));
        Assert.NotNull(await Queue(connection, 1).TakeAsync(["another", Root], default));
    }

    [PostgresFact]
    public async Task A_unit_that_was_called_off_is_neither_taken_nor_published()
    {
        var (address, added) = await WithUnitsAsync(2);
        await using var connection = await PostgresServer.ConnectAsync(address);
        var queue = Queue(connection, 1);
        var taken = (await queue.TakeAsync([Root], default))!.Take;

        var ids = (await UnitTable.ReadAsync(connection, added, default)).ConvertAll(row => row.Id);
        Assert.Equal(2, await UnitTable.CancelAsync(connection, ids, default));

        Assert.False(await queue.RenewAsync(taken, null, default));
        Assert.False(await queue.PublishAsync(taken, Result, default));
        Assert.False(await queue.IsTakenByOtherAsync(taken, default));
        Assert.Null(await queue.TakeAsync([Root], default));
    }

    [PostgresFact]
    public async Task A_unit_that_killed_too_many_workers_fails()
    {
        var (address, added) = await WithUnitsAsync(1, leaseSeconds: 3600);
        await using var connection = await PostgresServer.ConnectAsync(address);
        var queue = Queue(connection, 1);
        for (var take = 1; take <= UnitTable.MostTakes; take++)
        {
            Assert.Equal(take, (await queue.TakeAsync([Root], default))!.Take.Fence);
            await connection.ExecuteAsync("UPDATE pipeline.units SET lease_until = clock_timestamp() - interval '1 ms'", default);
        }

        Assert.Null(await queue.TakeAsync([Root], default));
        var row = Assert.Single(await UnitTable.ReadAsync(connection, added, default));
        Assert.Equal((UnitState.Failed, "was taken 20 times and never finished"), (row.State, row.Message));
    }

    [PostgresFact]
    public async Task What_an_earlier_run_of_the_dataset_left_is_called_off_and_other_datasets_are_not()
    {
        var (address, added) = await WithUnitsAsync(1);
        await using var connection = await PostgresServer.ConnectAsync(address);

        await UnitTable.ClearAsync(connection, Root, "hm", "next", default);
        Assert.Equal(UnitState.Waiting, (await UnitTable.ReadAsync(connection, added, default))[0].State);
        await UnitTable.ClearAsync(connection, Root, "toy", "next", default);
        Assert.Equal(UnitState.Cancelled, (await UnitTable.ReadAsync(connection, added, default))[0].State);
    }

    [PostgresFact]
    public async Task Units_that_are_put_in_again_are_there_once()
    {
        var (address, added) = await WithUnitsAsync(3);
        await using var connection = await PostgresServer.ConnectAsync(address);
        await UnitTable.AddAsync(connection, added, default);

        Assert.Equal([0, 1, 2], (await UnitTable.ReadAsync(connection, added, default)).Select(row => int.Parse(row.Title["toy/score, shard ".Length..].Split(' ')[0]) - 1));
    }

    [PostgresFact]
    public async Task Who_waits_for_units_is_told_when_some_are_put_in()
    {
        var (address, added) = await WithUnitsAsync(1);
        await using var waits = await PostgresServer.ConnectAsync(address);
        await UnitTable.ListenAsync(waits, default);
        await using var puts = await PostgresServer.ConnectAsync(address);

        await UnitTable.AddAsync(puts, added, default);

        Assert.True(await waits.WaitAsync(TimeSpan.FromMinutes(2), default));
    }

    [PostgresFact]
    public async Task Many_who_come_first_at_once_make_the_tables_once()
    {
        var address = server.NewDatabase();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            await using var connection = await PostgresServer.ConnectAsync(address);
            await StoreSchema.PrepareAsync(connection, default);
        }));

        await using var looking = await PostgresServer.ConnectAsync(address);
        Assert.Equal([1], await looking.QueryAsync("SELECT number FROM pipeline.version", reader => reader.GetInt32(0), default));
    }

    [PostgresFact]
    public async Task Tables_of_a_later_version_are_refused()
    {
        var (address, _) = await WithUnitsAsync(1);
        await using var connection = await PostgresServer.ConnectAsync(address);
        await connection.ExecuteAsync("UPDATE pipeline.version SET number = 99", default);

        var error = await Assert.ThrowsAsync<Pipeline.Stages.PipelineException>(() => StoreSchema.PrepareAsync(connection, default));

        Assert.StartsWith("The store has tables of version 99; this pipeline knows versions up to 1.", error.Message);
    }

    [PostgresFact]
    public async Task Workers_are_listed_with_what_they_do_and_go_when_they_leave()
    {
        var (address, _) = await WithUnitsAsync(1);
        await using var connection = await PostgresServer.ConnectAsync(address);
        var number = await WorkerTable.EnterAsync(connection, new WorkerName("anna", "host", 12), 3, Identity, [Root], default);
        var queue = new UnitQueue(connection, number, "anna", Identity);
        var take = (await queue.TakeAsync([Root], default))!.Take;
        await queue.RenewAsync(take, (5, 10, "users"), default);
        await using var board = new WorkerBoard(PostgresServer.Parse(address));

        var worker = Assert.Single(await board.WorkersAsync(default));

        Assert.Equal(("anna", "host", 12, 3, "1.0", "avx2", true), (worker.Name, worker.Host, worker.Pid, worker.Threads, worker.Build, worker.Simd, worker.IsAlive));
        Assert.Equal(("toy/score, shard 1 of 1".Split(',')[0], 1L, 5L, 10L, "users"), (worker.Unit!.Title, worker.Unit.Fence, worker.Unit.Done!.Value, worker.Unit.Total!.Value, worker.Unit.Counted));
        Assert.Equal(UnitState.Taken, Assert.Single(await board.UnitsAsync(null, default)).State);
        await connection.ExecuteAsync("UPDATE pipeline.workers SET heartbeat = clock_timestamp() - interval '16 s'", default);
        Assert.False(Assert.Single(await board.WorkersAsync(default)).IsAlive);
        await WorkerTable.LeaveAsync(connection, number, default);
        Assert.Empty(await board.WorkersAsync(default));
    }

    [PostgresFact]
    public async Task Where_nobody_ever_shared_anything_there_is_nothing_to_see()
    {
        await using var board = new WorkerBoard(PostgresServer.Parse(server.NewDatabase()));

        Assert.Empty(await board.WorkersAsync(default));
        Assert.Empty(await board.UnitsAsync(null, default));
    }

    static UnitQueue Queue(NpgsqlConnection connection, long worker, BuildIdentity? identity = null) => new(connection, worker, $"worker {worker}", identity ?? Identity);

    async Task<(string Address, NewUnits Added)> WithUnitsAsync(int shards, double leaseSeconds = 8)
    {
        var address = server.NewDatabase();
        var units = Enumerable.Range(0, shards).Select(shard => new WorkUnit
        {
            Dataset = "toy",
            Stage = "score",
            Seeds = [],
            Shard = shard,
            Shards = shards,
            Fingerprint = new string('a', 64),
            Parents = [],
        });
        var added = new NewUnits(Root, "run", [.. units], "{}", Identity, leaseSeconds);
        await using var connection = await PostgresServer.ConnectAsync(address);
        await StoreSchema.PrepareAsync(connection, default);
        await UnitTable.AddAsync(connection, added, default);
        return (address, added);
    }
}
