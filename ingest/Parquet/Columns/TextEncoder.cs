using System.Buffers;
using System.Buffers.Binary;
using Pipeline.Ingest.Parquet.Metadata;
using Pipeline.Ingest.Tables;

namespace Pipeline.Ingest.Parquet.Columns;

/// <summary>Text: each value after its length in 4 bytes.</summary>
sealed class TextEncoder(Column column) : ValueEncoder
{
    // Longer bounds are shortened: they would sit in the footer once per group.
    const int MaxBoundBytes = 64;

    readonly TextDictionary dictionary = new(column);
    int[] rowOf = [];
    StringBuffer values = new(column);
    int count;
    long textBytes;

    public override PhysicalType Type => PhysicalType.ByteArray;

    public override int Count => count;

    public override int DictionaryCount => dictionary.Entries.Count;

    public override void Take(ColumnBuffer rows, int firstRow, int rowCount)
    {
        values = (StringBuffer)rows;
        if (Utf8Text.FindInvalid(values, firstRow, rowCount) is var invalid && invalid >= 0)
        {
            throw new ArgumentException($"Column '{column.Name}': row {invalid} is not valid UTF-8.");
        }

        if (rowOf.Length < rowCount)
        {
            rowOf = new int[rowCount];
        }

        textBytes = values.Bytes(firstRow, rowCount).Length;
        count = 0;
        for (var row = firstRow; row < firstRow + rowCount; row++)
        {
            if (!values.IsNull(row))
            {
                rowOf[count++] = row;
            }
        }
    }

    public override bool BuildDictionary(Span<int> positions)
    {
        dictionary.Clear();
        for (var i = 0; i < count; i++)
        {
            positions[i] = dictionary.Add(values[rowOf[i]]);
            if (!MayPay(i, count, DictionaryCount))
            {
                return false;
            }
        }

        return Pays(dictionary.Entries.ByteCount + 4L * DictionaryCount, DictionaryCount, count, textBytes + 4L * count);
    }

    public override void WriteDictionary(IBufferWriter<byte> target)
    {
        for (var entry = 0; entry < DictionaryCount; entry++)
        {
            Write(dictionary.Entries[entry], target);
        }
    }

    public override int Fit(int firstValue, int maxBytes)
    {
        var (bytes, end) = (0L, firstValue);
        while (end < count && (end == firstValue || bytes + 4 + values[rowOf[end]].Length <= maxBytes))
        {
            bytes += 4 + values[rowOf[end++]].Length;
        }

        return end - firstValue;
    }

    public override void WritePlain(int firstValue, int count, IBufferWriter<byte> target)
    {
        foreach (var row in rowOf.AsSpan(firstValue, count))
        {
            Write(values[row], target);
        }
    }

    public override ColumnStatistics Bounds(bool hasDictionary)
    {
        var all = hasDictionary ? DictionaryCount : count;
        if (all == 0)
        {
            return new ColumnStatistics(null, null, null);
        }

        ReadOnlySpan<byte> min = Value(0, hasDictionary), max = min;
        for (var i = 1; i < all; i++)
        {
            var value = Value(i, hasDictionary);
            if (value.SequenceCompareTo(min) < 0)
            {
                min = value;
            }
            else if (value.SequenceCompareTo(max) > 0)
            {
                max = value;
            }
        }

        var lower = Utf8Text.Shorten(min, MaxBoundBytes).ToArray();
        var upper = max.Length <= MaxBoundBytes ? max.ToArray() : Utf8Text.Above(max, MaxBoundBytes);
        return new ColumnStatistics(null, lower, upper, lower.Length == min.Length, max.Length <= MaxBoundBytes);
    }

    ReadOnlySpan<byte> Value(int i, bool ofDictionary) => ofDictionary ? dictionary.Entries[i] : values[rowOf[i]];

    static void Write(ReadOnlySpan<byte> text, IBufferWriter<byte> target)
    {
        var span = target.GetSpan(4 + text.Length);
        BinaryPrimitives.WriteInt32LittleEndian(span, text.Length);
        text.CopyTo(span[4..]);
        target.Advance(4 + text.Length);
    }
}
