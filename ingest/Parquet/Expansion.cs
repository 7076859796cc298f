using Pipeline.Ingest.Tables;

namespace Pipeline.Ingest.Parquet;

/// <summary>
/// How much memory the rows of a file may take. A run of one value, and a run of one long text, is a few bytes however long it is, so that
/// a small file could else fill any memory.
/// </summary>
/// <remarks>All groups count together, for a table may be read as a whole.</remarks>
sealed class Expansion
{
    // A million rows of four numbers, for which no byte has to be shown. Arrays that double as they grow take three times that.
    const long Free = 1 << 25;

    // What DEFLATE, the strongest of the codecs, can do.
    const int PerByte = 1024;

    // By where the column begins, so that what is read again counts once.
    readonly Dictionary<long, long> textOf = [];
    long textLeft;

    /// <param name="pageBytes">Of the file, without its footer.</param>
    /// <exception cref="InvalidDataException">Rows and widths alone make too much of it.</exception>
    public Expansion(TableSchema schema, long rows, long pageBytes)
    {
        var width = schema.Columns.Sum(Width);
        var most = Free + PerByte * pageBytes;
        if (rows > most / Math.Max(width, 1))
        {
            throw new InvalidDataException($"it says it has {rows} rows of {width} bytes each; out of {pageBytes} bytes of pages at most {most} are believed");
        }

        textLeft = most - rows * width;
    }

    /// <summary>How much text a column of a group may have.</summary>
    /// <param name="start">Where it begins in the file.</param>
    public long TextOf(long start) => textLeft + textOf.GetValueOrDefault(start);

    /// <summary>Notes how much it had.</summary>
    public void Take(long start, long text)
    {
        textLeft = TextOf(start) - text;
        textOf[start] = text;
    }

    /// <summary>Of a row in memory, without its text: with the ends of texts, and flags of nulls.</summary>
    static long Width(Column column) => (column.IsOptional ? 2 : 0) + column.Type switch
    {
        ColumnType.Bool => 1,
        ColumnType.Int32 or ColumnType.Date or ColumnType.Float => 4,
        ColumnType.String => 4,
        _ => 8,
    };
}
