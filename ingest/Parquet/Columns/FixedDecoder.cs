using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Pipeline.Ingest.Parquet.Encodings;
using Pipeline.Ingest.Parquet.Metadata;
using Pipeline.Ingest.Tables;

namespace Pipeline.Ingest.Parquet.Columns;

/// <summary>Integers and floats.</summary>
sealed class FixedDecoder<T>(ColumnBuffer<T> target) : ValueDecoder
    where T : unmanaged
{
    T[] dictionary = [];

    static int Size => Unsafe.SizeOf<T>();

    public override void ReadDictionary(ReadOnlySpan<byte> plain, int count)
    {
        Expect(plain.Length, (long)count * Size, "bytes of dictionary");
        dictionary = MemoryMarshal.Cast<byte, T>(plain).ToArray();
    }

    public override void Read(PageEncoding encoding, ReadOnlySpan<byte> body, int count)
    {
        switch (encoding)
        {
            case PageEncoding.Plain:
                Expect(body.Length, (long)count * Size, "bytes of values");
                target.Add(MemoryMarshal.Cast<byte, T>(body));
                break;
            case PageEncoding.RleDictionary or PageEncoding.PlainDictionary:
                ReadPositions(body, count);
                break;
            case PageEncoding.ByteStreamSplit:
                Expect(body.Length, (long)count * Size, "bytes of values");
                ByteStreamSplit.Read(body, target.Extend(count));
                break;
            case PageEncoding.DeltaBinaryPacked when typeof(T) == typeof(int) || typeof(T) == typeof(long):
                ReadDeltas(body, count);
                break;
            default:
                throw Unsupported(encoding);
        }
    }

    protected override void AddEntries(ReadOnlySpan<int> positions)
    {
        var values = target.Extend(positions.Length);
        var entries = dictionary;
        for (var i = 0; i < positions.Length; i++)
        {
            var position = positions[i];
            values[i] = (uint)position < (uint)entries.Length ? entries[position] : throw NoEntry(position, entries.Length);
        }
    }

    void ReadDeltas(ReadOnlySpan<byte> body, int count)
    {
        var decoder = new DeltaDecoder(body);
        Expect(decoder.Count, count, "deltas");
        Span<long> block = stackalloc long[Block];
        for (var left = count; left > 0;)
        {
            var part = block[..Math.Min(Block, left)];
            decoder.Read(part);
            var values = target.Extend(part.Length);
            if (typeof(T) == typeof(long))
            {
                part.CopyTo(MemoryMarshal.Cast<T, long>(values));
            }
            else
            {
                var ints = MemoryMarshal.Cast<T, int>(values);
                for (var i = 0; i < part.Length; i++)
                {
                    ints[i] = unchecked((int)part[i]);
                }
            }

            left -= part.Length;
        }

        Expect(decoder.Position, body.Length, "bytes of deltas");
    }
}
