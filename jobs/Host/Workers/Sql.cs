using Npgsql;

namespace Pipeline.Host.Workers;

/// <summary>A statement and its values, in one line.</summary>
static class Sql
{
    public static async Task<int> ExecuteAsync(this NpgsqlConnection connection, string sql, CancellationToken cancellation, params (string Name, object? Value)[] values)
    {
        await using var command = Prepare(connection, sql, values);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>All rows.</summary>
    public static async Task<List<T>> QueryAsync<T>(
        this NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation, params (string Name, object? Value)[] values)
    {
        await using var command = Prepare(connection, sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public static T Get<T>(this NpgsqlDataReader reader, string column) => reader.GetFieldValue<T>(reader.GetOrdinal(column));

    /// <summary>Null where the column is.</summary>
    public static T? GetOrNull<T>(this NpgsqlDataReader reader, string column)
        where T : struct => reader.IsDBNull(reader.GetOrdinal(column)) ? null : reader.Get<T>(column);

    public static string? Text(this NpgsqlDataReader reader, string column) => reader.IsDBNull(reader.GetOrdinal(column)) ? null : reader.Get<string>(column);

    static NpgsqlCommand Prepare(NpgsqlConnection connection, string sql, (string Name, object? Value)[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }
}
