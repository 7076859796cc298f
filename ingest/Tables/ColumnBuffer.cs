namespace Pipeline.Ingest.Tables;

/// <summary>The values of one column for some rows, in memory. A null occupies a row, too.</summary>
public abstract class ColumnBuffer(Column column)
{
    // One flag per row up to the last null; rows beyond its end have a value. All flags at and after Count are false.
    bool[] nulls = [];

    public Column Column { get; } = column;

    /// <summary>Rows, nulls included.</summary>
    public abstract int Count { get; }

    public int NullCount { get; private set; }

    public bool IsNull(int row) => row < nulls.Length && nulls[row];

    /// <summary>Adds a null. The column must be optional.</summary>
    public void AddNull()
    {
        CheckOptional();
        GrowNulls(Count + 1);
        nulls[Count] = true;
        NullCount++;
        AddDefault();
    }

    /// <summary>Empties the buffer and keeps its memory.</summary>
    public void Clear()
    {
        if (NullCount > 0)
        {
            nulls.AsSpan(0, Math.Min(Count, nulls.Length)).Clear();
            NullCount = 0;
        }

        ClearValues();
    }

    /// <summary>Makes room, so that no array is copied to a larger one while rows are added.</summary>
    /// <param name="rows">More than there are now.</param>
    /// <param name="textBytes">More of text than there are now.</param>
    internal abstract void Reserve(int rows, int textBytes);

    /// <summary>Exchanges what two buffers of one column hold.</summary>
    internal void Swap(ColumnBuffer other)
    {
        (nulls, other.nulls) = (other.nulls, nulls);
        (NullCount, other.NullCount) = (other.NullCount, NullCount);
        SwapValues(other);
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

    /// <summary>Turns the last rows, added without nulls and packed to the front, into rows with gaps where the flags say null.</summary>
    /// <param name="isNull">One flag per row. As many values as it has false flags were added last.</param>
    internal void Spread(ReadOnlySpan<bool> isNull)
    {
        var gaps = isNull.Count(true);
        if (gaps == 0)
        {
            return;
        }

        CheckOptional();
        var first = Count - (isNull.Length - gaps);
        GrowNulls(first + isNull.Length);
        isNull.CopyTo(nulls.AsSpan(first));
        NullCount += gaps;
        SpreadValues(isNull, first, isNull.Length - gaps);
    }

    protected abstract void AddDefault();

    protected abstract void ClearValues();

    protected abstract void SwapValues(ColumnBuffer other);

    /// <param name="first">The row that the first flag belongs to.</param>
    /// <param name="present">How many values lie from that row on.</param>
    protected abstract void SpreadValues(ReadOnlySpan<bool> isNull, int first, int present);

    /// <summary>Doubles an array until it holds so many elements, so that adding costs the same for any number of rows.</summary>
    protected static void Grow<T>(ref T[] array, long needed)
    {
        if (needed > array.Length)
        {
            Array.Resize(ref array, (int)Math.Max(needed, Math.Min(array.Length * 2L, Array.MaxLength)));
        }
    }

    /// <summary>As <see cref="Grow"/>, but to no more than asked.</summary>
    protected static void GrowTo<T>(ref T[] array, long needed)
    {
        if (needed > array.Length)
        {
            Array.Resize(ref array, (int)Math.Min(needed, Array.MaxLength));
        }
    }

    void CheckOptional()
    {
        if (!Column.IsOptional)
        {
            throw new InvalidOperationException($"Column '{Column.Name}' is required: it takes no null.");
        }
    }

    void GrowNulls(int rows) => Grow(ref nulls, Math.Max(rows, 16));
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
        if (count == values.Length)
        {
            Grow(ref values, count + 1L);
        }

        values[count++] = value;
    }

    /// <summary>Adds rows, none of them null.</summary>
    public void Add(ReadOnlySpan<T> rows) => rows.CopyTo(Extend(rows.Length));

    internal override void Reserve(int rows, int textBytes) => GrowTo(ref values, (long)count + rows);

    /// <summary>Adds rows whose values the caller writes. Their content is undefined until then.</summary>
    internal Span<T> Extend(int rows)
    {
        Grow(ref values, (long)count + rows);
        count += rows;
        return values.AsSpan(count - rows, rows);
    }

    /// <summary>The rows added last, to be changed in place.</summary>
    internal Span<T> Last(int rows) => values.AsSpan(count - rows, rows);

    protected override void AddDefault() => Add(default(T));

    protected override void ClearValues() => count = 0;

    protected override void SwapValues(ColumnBuffer other)
    {
        var same = (ColumnBuffer<T>)other;
        (values, same.values, count, same.count) = (same.values, values, same.count, count);
    }

    protected override void SpreadValues(ReadOnlySpan<bool> isNull, int first, int present)
    {
        Extend(isNull.Length - present);
        var rows = values.AsSpan(first, isNull.Length);
        for (var row = isNull.Length - 1; row >= 0; row--)
        {
            rows[row] = isNull[row] ? default : rows[--present];
        }
    }
}
