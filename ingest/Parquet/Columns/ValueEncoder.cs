using System.Buffers;
using System.Numerics;
using Pipeline.Ingest.Parquet.Metadata;
using Pipeline.Ingest.Tables;

namespace Pipeline.Ingest.Parquet.Columns;

/// <summary>The values of one column and one group of rows, nulls left out, on their way into pages.</summary>
abstract class ValueEncoder
{
    public abstract PhysicalType Type { get; }

    /// <summary>How many values were taken.</summary>
    public abstract int Count { get; }

    /// <summary>Distinct values after <see cref="BuildDictionary"/> has returned true.</summary>
    public abstract int DictionaryCount { get; }

    /// <summary>Takes the values of some rows in place of those taken before; the buffer must stay as it is meanwhile.</summary>
    public abstract void Take(ColumnBuffer rows, int firstRow, int rowCount);

    /// <summary>Finds the distinct values, and for each value its position among them.</summary>
    /// <returns>False if storing them once is not smaller, or will hardly be.</returns>
    public abstract bool BuildDictionary(Span<int> positions);

    public abstract void WriteDictionary(IBufferWriter<byte> target);

    /// <returns>How many values from a given one on take so many bytes at most; at least 1 while there is one.</returns>
    public abstract int Fit(int firstValue, int maxBytes);

    public abstract void WritePlain(int firstValue, int count, IBufferWriter<byte> target);

    /// <summary>The smallest and largest value. Called after <see cref="BuildDictionary"/>, if that is called.</summary>
    /// <param name="hasDictionary">True if the distinct values were built to their end, which makes it faster.</param>
    public abstract ColumnStatistics Bounds(bool hasDictionary);

    public static ValueEncoder Create(Column column) => column.Type switch
    {
        ColumnType.Bool => new BoolEncoder(),
        ColumnType.Int32 or ColumnType.Date => new FixedEncoder<int>(PhysicalType.Int32),
        ColumnType.Int64 or ColumnType.Timestamp => new FixedEncoder<long>(PhysicalType.Int64),
        ColumnType.Float => new FixedEncoder<float>(PhysicalType.Float),
        ColumnType.Double => new FixedEncoder<double>(PhysicalType.Double),
        ColumnType.String => new TextEncoder(column),
        _ => throw new ArgumentOutOfRangeException(nameof(column), column.Type, "Unknown column type."),
    };

    /// <summary>Bits of a position in a dictionary. At least 1, for some readers do not expect 0.</summary>
    public static int PositionBits(int entries) => Math.Max(1, 32 - BitOperations.LeadingZeroCount((uint)Math.Max(entries - 1, 0)));

    /// <summary>True while it is worth going on: after a quarter of the values, not more than three in four were new.</summary>
    protected static bool MayPay(int seen, int all, int entries) => seen != all / 4 || entries <= seen / 4 * 3 + 3;

    protected static bool Pays(long dictionaryBytes, int entries, int values, long plainBytes) =>
        dictionaryBytes + (long)values * PositionBits(entries) / 8 < plainBytes;
}
