using Npgsql;
using Pipeline.Stages;

namespace Pipeline.Host.Workers;

/// <summary>
/// The tables, in a schema of their own: `pipeline`. Made by whoever comes first; one at a time, under an advisory lock. (A clustered
/// scheduler's tables would be another schema of the same database, made beside these.)
/// </summary>
static class StoreSchema
{
    /// <summary>One step per version, the oldest first. A step that has been released is never changed.</summary>
    static readonly string[] Steps =
    [
        """
        CREATE TABLE pipeline.workers (
          id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          name text NOT NULL, host text NOT NULL, pid int NOT NULL, threads int NOT NULL,
          build text NOT NULL, simd text NOT NULL, roots text[] NOT NULL,
          started timestamptz NOT NULL DEFAULT clock_timestamp(), heartbeat timestamptz NOT NULL DEFAULT clock_timestamp());
        CREATE TABLE pipeline.units (
          id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          root text NOT NULL, run text NOT NULL, dataset text NOT NULL, stage text NOT NULL, seeds int[] NOT NULL, shard int NOT NULL, shards int NOT NULL,
          unit text NOT NULL, configuration text NOT NULL, build text NOT NULL, simd text NOT NULL, lease_seconds double precision NOT NULL,
          state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'taken', 'done', 'failed', 'cancelled')),
          fence bigint NOT NULL DEFAULT 0, worker bigint, worker_name text, lease_until timestamptz,
          done bigint, total bigint, counted text, message text, exit int, result text,
          created timestamptz NOT NULL DEFAULT clock_timestamp(), taken timestamptz, ended timestamptz,
          UNIQUE (root, run, dataset, stage, seeds, shard));
        CREATE INDEX units_open ON pipeline.units (id) WHERE state IN ('waiting', 'taken');
        """,
    ];

    public static async Task PrepareAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (await VersionAsync(connection, cancellation) == Steps.Length)
        {
            return;
        }

        // Before the transaction begins: one that waits inside could still see what was there before.
        await connection.ExecuteAsync("SELECT pg_advisory_lock(hashtextextended('pipeline.schema', 0))", cancellation);
        await MigrateAsync(connection, cancellation);
        await connection.ExecuteAsync("SELECT pg_advisory_unlock(hashtextextended('pipeline.schema', 0))", cancellation);
    }

    static async Task MigrateAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var version = await VersionAsync(connection, cancellation);
        if (version > Steps.Length)
        {
            throw new PipelineException(
                ExitCode.InvalidConfiguration,
                $"The store has tables of version {version}; this pipeline knows versions up to {Steps.Length}. Install the newer version here too.");
        }

        if (version == 0)
        {
            await connection.ExecuteAsync("CREATE SCHEMA IF NOT EXISTS pipeline; CREATE TABLE IF NOT EXISTS pipeline.version (number int NOT NULL)", cancellation);
        }

        foreach (var step in Steps[version..])
        {
            await connection.ExecuteAsync(step, cancellation);
        }

        await connection.ExecuteAsync("DELETE FROM pipeline.version; INSERT INTO pipeline.version VALUES (@number)", cancellation, ("number", Steps.Length));
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>0 if there is none yet.</summary>
    static async Task<int> VersionAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var exists = await connection.QueryAsync("SELECT to_regclass('pipeline.version') IS NOT NULL", reader => reader.GetBoolean(0), cancellation);
        return exists[0]
            ? (await connection.QueryAsync("SELECT number FROM pipeline.version", reader => reader.GetInt32(0), cancellation)).FirstOrDefault()
            : 0;
    }
}
