using Npgsql;

namespace Pipeline.Host.Workers;

/// <summary>The table of workers: who is there, and when it was last heard of, by the database's clock.</summary>
static class WorkerTable
{
    /// <summary>A worker that is silent for so long does not count as there. It says something every two seconds.</summary>
    public const int AliveSeconds = 15;

    const int KeptDays = 1;

    /// <returns>The worker's number.</returns>
    public static async Task<long> EnterAsync(
        NpgsqlConnection connection, WorkerName worker, int threads, BuildIdentity identity, IReadOnlyCollection<string> roots, CancellationToken cancellation) =>
        (await connection.QueryAsync(
            """
            DELETE FROM pipeline.workers WHERE heartbeat < clock_timestamp() - make_interval(days => @days) OR name = @name AND host = @host AND pid = @pid;
            INSERT INTO pipeline.workers (name, host, pid, threads, build, simd, roots) VALUES (@name, @host, @pid, @threads, @build, @simd, @roots) RETURNING id
            """,
            reader => reader.GetInt64(0), cancellation, ("days", KeptDays), ("name", worker.Name), ("host", worker.Host), ("pid", worker.Pid), ("threads", threads),
            ("build", identity.Build), ("simd", identity.Simd), ("roots", roots.ToArray())))[0];

    public static Task<int> BeatAsync(NpgsqlConnection connection, long id, IReadOnlyCollection<string> roots, CancellationToken cancellation) => connection.ExecuteAsync(
        "UPDATE pipeline.workers SET heartbeat = clock_timestamp(), roots = @roots WHERE id = @id", cancellation, ("id", id), ("roots", roots.ToArray()));

    public static Task<int> LeaveAsync(NpgsqlConnection connection, long id, CancellationToken cancellation) =>
        connection.ExecuteAsync("DELETE FROM pipeline.workers WHERE id = @id", cancellation, ("id", id));

    public static Task<List<WorkerRow>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation) => connection.QueryAsync(
        $"""
        SELECT w.*, w.heartbeat > clock_timestamp() - make_interval(secs => {AliveSeconds}) AS alive,
            u.id AS unit_id, u.run AS unit_run, u.unit AS unit_text, u.state AS unit_state, u.fence AS unit_fence, u.done, u.total, u.counted, u.taken
          FROM pipeline.workers w LEFT JOIN pipeline.units u ON u.worker = w.id AND u.state = 'taken'
          ORDER BY w.name, w.id
        """,
        Read, cancellation);

    static WorkerRow Read(NpgsqlDataReader reader) => new(
        reader.Get<string>("name"), reader.Get<string>("host"), reader.Get<int>("pid"), reader.Get<int>("threads"), reader.Get<string>("build"), reader.Get<string>("simd"),
        reader.Get<bool>("alive"), reader.Get<DateTime>("started"), reader.Get<DateTime>("heartbeat"),
        reader.Text("unit_text") is { } unit
            ? new UnitRow(
                reader.Get<long>("unit_id"), reader.Get<string>("unit_run"), Pipeline.Stages.Units.WorkUnit.FromJson(unit).Title, UnitState.Taken, reader.Get<long>("unit_fence"),
                reader.Get<string>("name"), reader.GetOrNull<long>("done"), reader.GetOrNull<long>("total"), reader.Text("counted"), null, null, reader.GetOrNull<DateTime>("taken"))
            : null)
    {
        Roots = reader.Get<string[]>("roots"),
    };
}

/// <param name="Name">Of its own choice: host and process if nothing else.</param>
sealed record WorkerName(string Name, string Host, int Pid);

/// <summary>A worker as the store has it. Times are UTC, by the database's clock.</summary>
/// <param name="Build">Version and commit of the program.</param>
/// <param name="Simd">Vector width that it computes with.</param>
/// <param name="IsAlive">False if it has not been heard of for 15 s.</param>
/// <param name="Heartbeat">When it was heard of last.</param>
/// <param name="Unit">What it does; null if it waits for work.</param>
public sealed record WorkerRow(
    string Name, string Host, int Pid, int Threads, string Build, string Simd, bool IsAlive, DateTime Started, DateTime Heartbeat, UnitRow? Unit)
{
    /// <summary>Identities of the data roots that it sees.</summary>
    internal IReadOnlyList<string> Roots { get; init; } = [];
}
