namespace Pipeline.Ingest.Tables;

/// <summary>Some rows of a table in memory, column by column. All columns have the same number of rows.</summary>
public sealed class RowGroup(TableSchema schema)
{
    public TableSchema Schema { get; } = schema;

    public IReadOnlyList<ColumnBuffer> Columns { get; } = [.. schema.Columns.Select(ColumnBuffer.Create)];

    public int Count => Columns.Count == 0 ? 0 : Columns[0].Count;

    /// <summary>Of all columns.</summary>
    public long TextBytes => Columns.Sum(column => column is StringBuffer text ? (long)text.ByteCount : 0);

    /// <summary>A column of fixed-width values: T is bool, int (also dates), long (also timestamps), float or double.</summary>
    public ColumnBuffer<T> Values<T>(string name)
        where T : unmanaged => (ColumnBuffer<T>)Find(name);

    public StringBuffer Strings(string name) => (StringBuffer)Find(name);

    public void Clear()
    {
        foreach (var column in Columns)
        {
            column.Clear();
        }
    }

    /// <summary>Exchanges what two groups of one schema hold; whoever knows a column of either goes on with that column.</summary>
    internal void Swap(RowGroup other)
    {
        for (var column = 0; column < Columns.Count; column++)
        {
            Columns[column].Swap(other.Columns[column]);
        }
    }

    ColumnBuffer Find(string name)
    {
        var index = Schema.IndexOf(name);
        return index >= 0 ? Columns[index] : throw new ArgumentException($"The table has no column '{name}'.");
    }
}
