using Pipeline.Stages;

namespace Pipeline.Ingest.Tables;

/// <param name="IsOptional">True if a value may be null.</param>
public sealed record Column(string Name, ColumnType Type, bool IsOptional = false);

/// <summary>The columns of a table, in order. Names are unique.</summary>
public sealed class TableSchema
{
    readonly Dictionary<string, int> indexOf = new(StringComparer.Ordinal);

    public TableSchema(params IReadOnlyList<Column> columns)
    {
        Columns = columns;
        for (var i = 0; i < columns.Count; i++)
        {
            if (!indexOf.TryAdd(columns[i].Name, i))
            {
                throw new ArgumentException($"Two columns are named '{columns[i].Name}'.");
            }
        }
    }

    public IReadOnlyList<Column> Columns { get; }

    public int Count => Columns.Count;

    /// <returns>The column's position, or -1 if there is none of that name.</returns>
    public int IndexOf(string name) => indexOf.GetValueOrDefault(name, -1);

    /// <summary>As manifest.json names it.</summary>
    public IReadOnlyList<SchemaColumn> ToManifest() =>
        [.. Columns.Select(column => new SchemaColumn(column.Name, column.Type.ToString().ToLowerInvariant(), column.IsOptional))];
}
