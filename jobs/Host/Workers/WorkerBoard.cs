using Npgsql;

namespace Pipeline.Host.Workers;

/// <summary>What the store knows of workers and units, for whoever shows it. Reads only; where nothing was ever shared there is nothing.</summary>
sealed class WorkerBoard(StoreAddress address) : IAsyncDisposable
{
    readonly NpgsqlDataSource source = address.Open(isPooled: true);

    /// <summary>By name.</summary>
    /// <exception cref="Pipeline.Stages.PipelineException">The store does not answer, or refuses.</exception>
    public Task<IReadOnlyList<WorkerRow>> WorkersAsync(CancellationToken cancellation) =>
        AskAsync(connection => WorkerTable.ReadAsync(connection, cancellation), cancellation);

    /// <summary>The units that wait or are taken, the oldest first; or all units of one run.</summary>
    /// <exception cref="Pipeline.Stages.PipelineException">The store does not answer, or refuses.</exception>
    public Task<IReadOnlyList<UnitRow>> UnitsAsync(string? run, CancellationToken cancellation) => AskAsync(
        connection => connection.QueryAsync(
            $"SELECT {UnitTable.Columns} FROM pipeline.units u WHERE {(run is null ? "u.state IN ('waiting', 'taken')" : "u.run = @run")} ORDER BY u.id",
            UnitTable.Read, cancellation, run is null ? [] : [("run", run)]),
        cancellation);

    public ValueTask DisposeAsync() => source.DisposeAsync();

    async Task<IReadOnlyList<T>> AskAsync<T>(Func<NpgsqlConnection, Task<List<T>>> ask, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellation);
            return await ask(connection);
        }
        catch (PostgresException error) when (error.SqlState is "3F000" or "42P01")
        {
            // No schema, no table: nobody ever came.
            return [];
        }
        catch (NpgsqlException error)
        {
            throw StoreErrors.Explain(address, error);
        }
    }
}
