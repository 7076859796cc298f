using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Pipeline.Host.Workers;
using Pipeline.Stages;

namespace Pipeline.Unit.Host.Workers;

/// <summary>What only workers that are processes can show: being killed, and being paused and waking up too late.</summary>
[Collection(PostgresTests.Name)]
public sealed class WorkerProcessTests(PostgresServer server)
{
    // The sample's 20 genres make 6,195 users.
    const int Shards = 62;

    static readonly string[] Export =
    [
        "datasets.spotify.scoring.usersPerPart=100", "datasets.spotify.scoring.submission=true", "towers.mamba.tokenWidth=128", "towers.mamba.layers=8",
    ];

    [PostgresFact]
    public async Task Of_three_workers_one_is_killed_and_one_paused_and_every_shard_counts_exactly_once()
    {
        using Nightly alone = new() { Extra = Export }, shared = new() { Extra = [.. Export, "store.leaseSeconds=2"] };
        Assert.Equal(ExitCode.Ok, alone.Run("run", "+spotify/export/mamba").Code);
        var store = server.NewDatabase();
        Directory.CreateDirectory(shared.Data);
        using Process steady = Work(shared, store, "steady"), killed = Work(shared, store, "killed"), paused = Work(shared, store, "paused");
        await using var connection = await PostgresServer.ConnectAsync(store);

        var run = Task.Run(() => shared.Run("run", "+spotify/export/mamba", "--store", store));
        var lost = Catch(connection, paused, "paused", run);
        var dead = Catch(connection, killed, "killed", run);
        killed.Kill();
        await killed.WaitForExitAsync();
        PostgresServer.Until(() => run.IsCompleted || FenceOf(connection, lost) > 1);
        Signal(paused, "-CONT");
        var result = await run;

        Assert.Equal((ExitCode.Ok, ""), (result.Code, result.Code == ExitCode.Ok ? "" : result.Error));
        var units = await connection.QueryAsync(
            "SELECT shard, state, fence FROM pipeline.units WHERE stage = 'export/mamba' ORDER BY shard",
            reader => (Shard: reader.GetInt32(0), State: reader.GetString(1), Fence: reader.GetInt64(2)), default);
        Assert.Equal(Enumerable.Range(0, Shards).Select(shard => (shard, "done")), units.Select(unit => (unit.Shard, unit.State)));
        Assert.Equal((2, 2), (FenceOf(connection, lost), FenceOf(connection, dead)));
        await StopAsync(steady);
        Assert.Contains("Nothing of it counts", await StopAsync(paused));
        Assert.Equal(alone.Parts(), shared.Parts());
        Assert.Empty(Directory.GetDirectories(Path.Combine(shared.Data, "spotify"), "*.partial", SearchOption.AllDirectories));
        Assert.Equal(ExitCode.Ok, shared.Run("verify").Code);
    }

    [PostgresFact]
    public async Task Training_that_a_worker_was_killed_in_is_gone_on_with_by_another_and_ends_with_the_same_bytes()
    {
        string[] steps = ["datasets.spotify.training.steps=3000", "datasets.spotify.training.probeEverySteps=1000"];
        using Nightly unbroken = new() { Extra = steps }, shared = new() { Extra = steps };
        Assert.Equal(ExitCode.Ok, unbroken.Run("run", "+spotify/train/mamba").Code);
        var store = server.NewDatabase();
        Directory.CreateDirectory(shared.Data);
        using var first = Work(shared, store, "first");
        var run = Task.Run(() => shared.Run("run", "+spotify/train/mamba", "--store", store));
        PostgresServer.Until(() => shared.HasCheckpoint());
        Assert.False(run.IsCompleted, "The training ended before its worker could be killed.");
        first.Kill();
        using var second = Work(shared, store, "second");

        var result = await run;

        Assert.Equal((ExitCode.Ok, ""), (result.Code, result.Code == ExitCode.Ok ? "" : result.Error));
        Assert.Contains("goes on from step", string.Concat(Directory.EnumerateFiles(Path.Combine(shared.Data, "logs")).Select(File.ReadAllText)));
        Assert.Equal(unbroken.Parts(), shared.Parts());
        await StopAsync(second);
    }

    static Process Work(Nightly night, string store, string name) => night.Start("work", "--store", store, "--name", name, "--threads", "1");

    /// <summary>Pauses a worker in the midst of a shard, and not while it says that the shard is done.</summary>
    /// <returns>The unit.</returns>
    static long Catch(NpgsqlConnection connection, Process worker, string name, Task run)
    {
        while (true)
        {
            PostgresServer.Until(() => run.IsCompleted || Held(connection, name) is not null);
            Assert.False(run.IsCompleted, $"The run ended before {name} could be caught.");
            Signal(worker, "-STOP");
            PostgresServer.Until(() => File.ReadAllText($"/proc/{worker.Id}/stat").Split(") ")[1][0] == 'T');

            // What it sent before it stopped may still be on its way to the server.
            if (Enumerable.Range(0, 50).Select(_ => Held(connection, name)).ToList() is [.., { } unit])
            {
                return unit;
            }

            Signal(worker, "-CONT");
        }
    }

    static long? Held(NpgsqlConnection connection, string name) => Query(
        connection, "SELECT id FROM pipeline.units WHERE state = 'taken' AND stage = 'export/mamba' AND worker_name = @name", ("name", name)) is [var unit] ? unit : null;

    static int FenceOf(NpgsqlConnection connection, long unit) => (int)Query(connection, "SELECT fence FROM pipeline.units WHERE id = @id", ("id", unit))[0];

    /// <summary>Nothing while the tables are still to be made.</summary>
    static List<long> Query(NpgsqlConnection connection, string sql, params (string, object?)[] values)
    {
        try
        {
            return connection.QueryAsync(sql, reader => reader.GetInt64(0), default, values).GetAwaiter().GetResult();
        }
        catch (PostgresException error) when (error.SqlState is "3F000" or "42P01")
        {
            return [];
        }
    }

    static void Signal(Process process, string signal)
    {
        using var kill = Process.Start("kill", [signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <returns>What it said.</returns>
    static async Task<string> StopAsync(Process worker)
    {
        Signal(worker, "-TERM");
        var said = await worker.StandardError.ReadToEndAsync();
        await worker.WaitForExitAsync();
        Assert.Equal((int)ExitCode.Terminated, worker.ExitCode);
        return said;
    }
}
