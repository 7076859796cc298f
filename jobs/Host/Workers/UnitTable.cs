using Npgsql;
using Pipeline.Stages.Units;

namespace Pipeline.Host.Workers;

/// <summary>The table of units as a run sees it: puts units in, looks how they stand, calls them off.</summary>
static class UnitTable
{
    /// <summary>A unit that killed as many workers is not given to another.</summary>
    public const int MostTakes = 20;

    const int KeptDays = 30;

    const string Channel = "pipeline_units";

    public const string Columns =
        "u.id, u.run, u.unit, u.state, u.fence, u.worker_name, u.done, u.total, u.counted, u.message, u.exit, u.taken, u.result";

    /// <summary>Calls off what an earlier run of the dataset left, and forgets what ended long ago. The caller holds the dataset's lock, so no other run is at work.</summary>
    public static Task<int> ClearAsync(NpgsqlConnection connection, string root, string dataset, string run, CancellationToken cancellation) => connection.ExecuteAsync(
        """
        UPDATE pipeline.units SET state = 'cancelled', ended = clock_timestamp()
          WHERE root = @root AND dataset = @dataset AND run <> @run AND state IN ('waiting', 'taken');
        DELETE FROM pipeline.units WHERE ended < clock_timestamp() - make_interval(days => @days)
        """,
        cancellation, ("root", root), ("dataset", dataset), ("run", run), ("days", KeptDays));

    /// <summary>Puts in what is not there yet, so that it can be asked again.</summary>
    public static async Task<bool> AddAsync(NpgsqlConnection connection, NewUnits added, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        foreach (var unit in added.Units)
        {
            await connection.ExecuteAsync(
                """
                INSERT INTO pipeline.units (root, run, dataset, stage, seeds, shard, shards, unit, configuration, build, simd, lease_seconds)
                  VALUES (@root, @run, @dataset, @stage, @seeds, @shard, @shards, @unit, @configuration, @build, @simd, @lease)
                  ON CONFLICT DO NOTHING
                """,
                cancellation, ("root", added.Root), ("run", added.Run), ("dataset", unit.Dataset), ("stage", unit.Stage), ("seeds", unit.Seeds.ToArray()),
                ("shard", unit.Shard), ("shards", unit.Shards), ("unit", unit.ToJson()), ("configuration", added.Configuration),
                ("build", added.Identity.Build), ("simd", added.Identity.Simd), ("lease", added.LeaseSeconds));
        }

        // Reaches those who listen when the units can be seen.
        await connection.ExecuteAsync($"NOTIFY {Channel}", cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>From now on this connection is told when units are put in.</summary>
    public static Task<int> ListenAsync(NpgsqlConnection connection, CancellationToken cancellation) => connection.ExecuteAsync($"LISTEN {Channel}", cancellation);

    /// <summary>The units of one work, in the order of their shards. Those that killed too many workers are failed first.</summary>
    public static async Task<List<UnitRow>> ReadAsync(NpgsqlConnection connection, NewUnits added, CancellationToken cancellation)
    {
        var work = added.Units[0];
        (string, object?)[] values = [("root", added.Root), ("run", added.Run), ("dataset", work.Dataset), ("stage", work.Stage), ("seeds", work.Seeds.ToArray())];
        const string Which = "root = @root AND run = @run AND dataset = @dataset AND stage = @stage AND seeds = @seeds";
        await connection.ExecuteAsync(
            $"""
            UPDATE pipeline.units SET state = 'failed', exit = 1, ended = clock_timestamp(), message = 'was taken ' || fence || ' times and never finished'
              WHERE {Which} AND state IN ('waiting', 'taken') AND fence >= {MostTakes} AND coalesce(lease_until < clock_timestamp(), true)
            """,
            cancellation, values);
        return await connection.QueryAsync($"SELECT {Columns} FROM pipeline.units u WHERE {Which} ORDER BY shard", Read, cancellation, values);
    }

    public static Task<int> CancelAsync(NpgsqlConnection connection, IReadOnlyList<long> ids, CancellationToken cancellation) => connection.ExecuteAsync(
        "UPDATE pipeline.units SET state = 'cancelled', ended = clock_timestamp() WHERE id = ANY(@ids) AND state IN ('waiting', 'taken')",
        cancellation, ("ids", ids.ToArray()));

    public static UnitRow Read(NpgsqlDataReader reader) => new(
        reader.Get<long>("id"), reader.Get<string>("run"), WorkUnit.FromJson(reader.Get<string>("unit")).Title, Enum.Parse<UnitState>(reader.Get<string>("state"), ignoreCase: true),
        reader.Get<long>("fence"), reader.Text("worker_name"), reader.GetOrNull<long>("done"), reader.GetOrNull<long>("total"), reader.Text("counted"),
        reader.Text("message"), reader.GetOrNull<int>("exit"), reader.GetOrNull<DateTime>("taken"))
    {
        Result = reader.Text("result"),
    };
}

/// <summary>The units of one work of a run, and what their makers must agree on.</summary>
/// <param name="Root">Identity of the data root.</param>
/// <param name="Configuration">All options in force, as JSON.</param>
sealed record NewUnits(string Root, string Run, IReadOnlyList<WorkUnit> Units, string Configuration, BuildIdentity Identity, double LeaseSeconds);

/// <summary>What has to be equal for bytes to be equal.</summary>
/// <param name="Build">Version of the program and its commit.</param>
/// <param name="Simd">Vector width that computes.</param>
sealed record BuildIdentity(string Build, string Simd);
