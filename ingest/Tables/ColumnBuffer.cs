namespace Pipeline.Ingest.Tables;

/// <summary>The values of one column for some rows, in memory. A null occupies a row, too.</summary>
public abstract class ColumnBuffer(Column column)
{
    readonly List<bool> isNull = [];

    public Column Column { get; } = column;

    /// <summary>Rows, nulls included.</summary>
    public abstract int Count { get; }

    public int NullCount { get; private set; }

    public bool IsNull(int row) => NullCount > 0 && isNull[row];

    /// <summary>Adds a null. The column must be optional.</summary>
    public void AddNull()
    {
        if (!Column.IsOptional)
        {
            throw new InvalidOperationException($"Column '{Column.Name}' is required: it takes no null.");
        }

        while (isNull.Count < Count)
        {
            isNull.Add(false);
        }

        AddDefault();
        isNull.Add(true);
        NullCount++;
    }

    /// <summary>Empties the buffer and keeps its memory.</summary>
    public void Clear()
    {
        ClearValues();
        isNull.Clear();
        NullCount = 0;
    }

    public static ColumnBuffer Create(Column column) => column.Type switch
    {
        ColumnType.Bool => new ColumnBuffer<bool>(column),
        ColumnType.Int32 or ColumnType.Date => new ColumnBuffer<int>(column),
        ColumnType.Int64 or ColumnType.Timestamp => new ColumnBuffer<long>(column),
        ColumnType.Float => new ColumnBuffer<float>(column),
        ColumnType.Double => new ColumnBuffer<double>(column),
        ColumnType.String => new StringBuffer(column),
        _ => throw new ArgumentOutOfRangeException(nameof(column), column.Type, "Unknown column type."),
    };

    /// <summary>Notes that a value was added after an earlier null.</summary>
    protected void NoteValue()
    {
        if (NullCount > 0)
        {
            isNull.Add(false);
        }
    }

    protected abstract void AddDefault();

    protected abstract void ClearValues();
}

/// <summary>A column of fixed-width values: bool, int (also dates), long (also timestamps), float or double.</summary>
public sealed class ColumnBuffer<T>(Column column) : ColumnBuffer(column)
    where T : unmanaged
{
    T[] values = new T[16];
    int count;

    public override int Count => count;

    /// <summary>All rows; a null row holds the default value.</summary>
    public ReadOnlySpan<T> Values => values.AsSpan(0, count);

    public T this[int row] => Values[row];

    public void Add(T value)
    {
        Append(value);
        NoteValue();
    }

    protected override void AddDefault() => Append(default);

    protected override void ClearValues() => count = 0;

    void Append(T value)
    {
        if (count == values.Length)
        {
            Array.Resize(ref values, count * 2);
        }

        values[count++] = value;
    }
}
