using System.Buffers;
using Pipeline.Ingest.Parquet.Metadata;
using Pipeline.Ingest.Tables;

namespace Pipeline.Ingest.Parquet.Columns;

/// <summary>Bools: a bit each, never with a dictionary.</summary>
sealed class BoolEncoder : ValueEncoder
{
    bool[] packed = [];
    int count;

    public override PhysicalType Type => PhysicalType.Boolean;

    public override int Count => count;

    public override int DictionaryCount => 0;

    public override void Take(ColumnBuffer rows, int firstRow, int rowCount)
    {
        var buffer = (ColumnBuffer<bool>)rows;
        if (packed.Length < rowCount)
        {
            packed = new bool[rowCount];
        }

        count = 0;
        for (var row = firstRow; row < firstRow + rowCount; row++)
        {
            if (!buffer.IsNull(row))
            {
                packed[count++] = buffer[row];
            }
        }
    }

    public override bool BuildDictionary(Span<int> positions) => false;

    public override void WriteDictionary(IBufferWriter<byte> target) => throw new NotSupportedException("A bool column has no dictionary.");

    public override int Fit(int firstValue, int maxBytes) => (int)Math.Min(count - firstValue, maxBytes * 8L);

    public override void WritePlain(int firstValue, int count, IBufferWriter<byte> target)
    {
        var bytes = target.GetSpan((count + 7) / 8)[..((count + 7) / 8)];
        bytes.Clear();
        for (var i = 0; i < count; i++)
        {
            if (packed[firstValue + i])
            {
                bytes[i >> 3] |= (byte)(1 << (i & 7));
            }
        }

        target.Advance(bytes.Length);
    }

    public override ColumnStatistics Bounds(bool hasDictionary)
    {
        var values = packed.AsSpan(0, count);
        return count == 0
            ? new ColumnStatistics(null, null, null)
            : new ColumnStatistics(null, [(byte)(values.Contains(false) ? 0 : 1)], [(byte)(values.Contains(true) ? 1 : 0)]);
    }
}
