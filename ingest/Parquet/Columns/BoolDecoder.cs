using System.Buffers.Binary;
using Pipeline.Ingest.Parquet.Encodings;
using Pipeline.Ingest.Parquet.Metadata;
using Pipeline.Ingest.Tables;

namespace Pipeline.Ingest.Parquet.Columns;

/// <summary>Bools: PLAIN as bits, or RLE after its size in 4 bytes.</summary>
sealed class BoolDecoder(ColumnBuffer<bool> target) : ValueDecoder
{
    readonly int[] bits = new int[Block];

    public override void ReadDictionary(ReadOnlySpan<byte> plain, int count) => throw new NotSupportedException("it is bool and has a dictionary");

    public override void Read(PageEncoding encoding, ReadOnlySpan<byte> body, int count)
    {
        switch (encoding)
        {
            case PageEncoding.Plain:
                Expect(body.Length, (count + 7L) / 8, "bytes of bits");
                ReadPlain(body, count);
                break;
            case PageEncoding.Rle:
                Expect(body.Length, body.Length < 4 ? 4 : 4L + BinaryPrimitives.ReadUInt32LittleEndian(body), "bytes of runs");
                ReadRuns(body[4..], count);
                break;
            default:
                throw Unsupported(encoding);
        }
    }

    protected override void AddEntries(ReadOnlySpan<int> positions) => throw new NotSupportedException("it is bool and has a dictionary");

    void ReadPlain(ReadOnlySpan<byte> body, int count)
    {
        var values = target.Extend(count);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (body[i >> 3] >> (i & 7) & 1) == 1;
        }
    }

    void ReadRuns(ReadOnlySpan<byte> runs, int count)
    {
        var decoder = new RleDecoder(runs, 1);
        for (var left = count; left > 0;)
        {
            var part = bits.AsSpan(0, Math.Min(Block, left));
            decoder.Read(part);
            var values = target.Extend(part.Length);
            for (var i = 0; i < part.Length; i++)
            {
                values[i] = part[i] == 1;
            }

            left -= part.Length;
        }
    }
}
