using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Pipeline.Ingest.Parquet.Encodings;

namespace Pipeline.Ingest.Parquet.Codecs;

/// <summary>Snappy's raw format: literals, and copies of what was written before.</summary>
/// <remarks>Source: Google, "Snappy compressed format description".</remarks>
sealed class SnappyCodec : ICodec
{
    // Matches are sought inside blocks of this size, so that an offset always fits two bytes.
    const int Block = 1 << 16;

    // The densest element is a copy of 64 bytes in 3.
    const int MaxRatio = 22;

    public ParquetCodec Id => ParquetCodec.Snappy;

    public void Compress(ReadOnlySpan<byte> source, IBufferWriter<byte> target)
    {
        var preamble = target.GetSpan(10);
        target.Advance(Varint.Write((ulong)source.Length, preamble));
        var table = ArrayPool<ushort>.Shared.Rent(1 << MatchFinder.HashBits);
        for (; !source.IsEmpty; source = source[Math.Min(Block, source.Length)..])
        {
            var block = source[..Math.Min(Block, source.Length)];
            table.AsSpan(0, 1 << MatchFinder.HashBits).Clear();

            // Worst case: a literal of up to 5 bytes of header between copies that never are longer than what they replace.
            var room = target.GetSpan(32 + block.Length + block.Length / 6);
            target.Advance(CompressBlock(block, table, room));
        }

        ArrayPool<ushort>.Shared.Return(table);
    }

    public void Decompress(ReadOnlySpan<byte> source, int length, IBufferWriter<byte> target)
    {
        var position = 0;
        var claimed = Varint.Read(source, ref position);
        if (claimed != (ulong)length || length > (long)MaxRatio * source.Length)
        {
            throw new InvalidDataException($"its {source.Length} Snappy bytes claim to be {claimed}, expected {length}");
        }

        if (length > 0)
        {
            Fill(target.GetSpan(length)[..length], source, position);
            target.Advance(length);
        }
        else if (position < source.Length)
        {
            throw TooLong(length);
        }
    }

    static int CompressBlock(ReadOnlySpan<byte> block, ushort[] table, Span<byte> target)
    {
        // Behind this no match is sought: it could not pay, and loads of 8 bytes stay inside.
        var lastStart = block.Length - 15;
        ref var source = ref MemoryMarshal.GetReference(block);
        int written = 0, pending = 0;
        for (var (at, misses) = (1, 32); at <= lastStart;)
        {
            var four = MatchFinder.Load4(ref source, at);
            ref var slot = ref table[MatchFinder.Hash(four)];
            int candidate = slot;
            slot = (ushort)at;
            if (candidate >= at || MatchFinder.Load4(ref source, candidate) != four)
            {
                // The longer nothing matches, the wider the steps: what cannot be compressed costs little.
                at += misses++ >> 5;
                continue;
            }

            written += PutLiteral(block[pending..at], target[written..]);
            var length = 4 + MatchFinder.Length(ref source, candidate + 4, at + 4, block.Length);
            written += PutCopy(at - candidate, length, target[written..]);
            at += length;
            pending = at;
            misses = 32;
            if (at <= lastStart)
            {
                table[MatchFinder.Hash(MatchFinder.Load4(ref source, at - 1))] = (ushort)(at - 1);
            }
        }

        return written + PutLiteral(block[pending..], target[written..]);
    }

    static int PutLiteral(ReadOnlySpan<byte> literal, Span<byte> target)
    {
        if (literal.IsEmpty)
        {
            return 0;
        }

        var last = literal.Length - 1;
        var header = last < 60 ? 1 : last < 256 ? 2 : 3;
        target[0] = (byte)(last < 60 ? last << 2 : (58 + header) << 2);
        if (header > 1)
        {
            target[1] = (byte)last;
            target[2] = (byte)(last >> 8);
        }

        literal.CopyTo(target[header..]);
        return header + literal.Length;
    }

    static int PutCopy(int offset, int length, Span<byte> target)
    {
        var written = 0;

        // The last copy must not be shorter than 4, or it would not fit the short form.
        for (; length >= 68; length -= 64)
        {
            written += PutLongCopy(offset, 64, target[written..]);
        }

        if (length > 64)
        {
            written += PutLongCopy(offset, 60, target[written..]);
            length -= 60;
        }

        if (length >= 12 || offset >= 2048)
        {
            return written + PutLongCopy(offset, length, target[written..]);
        }

        target[written] = (byte)(1 | (length - 4) << 2 | offset >> 8 << 5);
        target[written + 1] = (byte)offset;
        return written + 2;
    }

    static int PutLongCopy(int offset, int length, Span<byte> target)
    {
        target[0] = (byte)(2 | (length - 1) << 2);
        BinaryPrimitives.WriteUInt16LittleEndian(target[1..], (ushort)offset);
        return 3;
    }

    static void Fill(Span<byte> target, ReadOnlySpan<byte> source, int position)
    {
        var at = 0;
        while (position < source.Length)
        {
            var tag = source[position++];
            var kind = tag & 3;
            var extra = kind == 0 ? Math.Max(0, (tag >> 2) - 59) : kind == 3 ? 4 : kind;
            if (extra > source.Length - position)
            {
                throw new InvalidDataException("its Snappy stream ends inside an element");
            }

            var number = (long)BitPacking.Read(source, position * 8L, extra * 8);
            position += extra;
            if (kind == 0)
            {
                var literal = (extra == 0 ? tag >> 2 : number) + 1;
                if (literal > source.Length - position || literal > target.Length - at)
                {
                    throw new InvalidDataException($"a Snappy literal of {literal} bytes exceeds its page");
                }

                source.Slice(position, (int)literal).CopyTo(target[at..]);
                position += (int)literal;
                at += (int)literal;
                continue;
            }

            var offset = kind == 1 ? number | (long)(tag >> 5) << 8 : number;
            var length = kind == 1 ? 4 + (tag >> 2 & 7) : 1 + (tag >> 2);
            if (offset == 0 || offset > at || length > target.Length - at)
            {
                throw new InvalidDataException($"a Snappy copy of {length} bytes from {offset} back exceeds its page");
            }

            MatchFinder.Repeat(target, at, (int)offset, length);
            at += length;
        }

        if (at < target.Length)
        {
            throw new InvalidDataException($"its Snappy stream ends {target.Length - at} bytes early");
        }
    }

    static InvalidDataException TooLong(int length) => new($"its Snappy stream is longer than {length} bytes");
}
