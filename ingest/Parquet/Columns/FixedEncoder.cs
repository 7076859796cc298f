using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Pipeline.Ingest.Parquet.Encodings;
using Pipeline.Ingest.Parquet.Metadata;
using Pipeline.Ingest.Tables;

namespace Pipeline.Ingest.Parquet.Columns;

/// <summary>Integers and floats: stored as they lie in memory, which is little-endian on every machine that .NET runs on.</summary>
sealed class FixedEncoder<T>(PhysicalType type) : ValueEncoder
    where T : unmanaged, INumber<T>
{
    readonly FixedDictionary<T> dictionary = new();
    T[] packed = [];
    ColumnBuffer<T>? whole;
    int first, count;

    public override PhysicalType Type => type;

    public override int Count => count;

    public override int DictionaryCount => dictionary.Count;

    ReadOnlySpan<T> Values => whole is null ? packed.AsSpan(0, count) : whole.Values.Slice(first, count);

    public override void Take(ColumnBuffer rows, int firstRow, int rowCount)
    {
        var buffer = (ColumnBuffer<T>)rows;
        if (buffer.NullCount == 0)
        {
            (whole, first, count) = (buffer, firstRow, rowCount);
            return;
        }

        (whole, count) = (null, 0);
        if (packed.Length < rowCount)
        {
            packed = new T[rowCount];
        }

        var values = buffer.Values;
        for (var row = firstRow; row < firstRow + rowCount; row++)
        {
            if (!buffer.IsNull(row))
            {
                packed[count++] = values[row];
            }
        }
    }

    public override bool BuildDictionary(Span<int> positions)
    {
        dictionary.Clear();
        var values = Values;
        for (var i = 0; i < values.Length; i++)
        {
            positions[i] = dictionary.Add(values[i]);
            if (!MayPay(i, values.Length, dictionary.Count))
            {
                return false;
            }
        }

        var size = Unsafe.SizeOf<T>();
        return Pays((long)dictionary.Count * size, dictionary.Count, count, (long)count * size);
    }

    public override void WriteDictionary(IBufferWriter<byte> target) => target.Write(MemoryMarshal.AsBytes(dictionary.Entries));

    public override int Fit(int firstValue, int maxBytes) => Math.Max(1, Math.Min(count - firstValue, maxBytes / Unsafe.SizeOf<T>()));

    public override void WritePlain(int firstValue, int count, IBufferWriter<byte> target) =>
        target.Write(MemoryMarshal.AsBytes(Values.Slice(firstValue, count)));

    public override ColumnStatistics Bounds(bool hasDictionary)
    {
        var values = hasDictionary ? dictionary.Entries : Values;
        var start = 0;
        while (start < values.Length && T.IsNaN(values[start]))
        {
            start++;
        }

        if (start == values.Length)
        {
            return new ColumnStatistics(null, null, null);
        }

        // Comparisons with NaN are false, so NaN changes neither.
        T min = values[start], max = min;
        foreach (var value in values[start..])
        {
            min = value < min ? value : min;
            max = value > max ? value : max;
        }

        // -0 and +0 compare as equal: the bounds take the sign that holds for both.
        min = min == T.Zero ? -T.Zero : min;
        max = max == T.Zero ? T.Zero : max;
        return new ColumnStatistics(null, MemoryMarshal.AsBytes(new[] { min }.AsSpan()).ToArray(), MemoryMarshal.AsBytes(new[] { max }.AsSpan()).ToArray());
    }
}
