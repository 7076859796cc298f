using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Pipeline.Ingest.Parquet.Codecs;

/// <summary>One LZ4 block without a frame: sequences of literals, each followed by a copy of what was written before.</summary>
/// <remarks>Source: Collet, "LZ4 Block Format Description".</remarks>
sealed class Lz4RawCodec : ICodec
{
    const int MinMatch = 4;

    // By the format, the last 5 bytes are literals and no match starts in the last 12.
    const int LastLiterals = 5;
    const int LastMatch = 12;
    const int MaxOffset = 65_535;

    // A byte of a length adds 255 at most.
    const int MaxRatio = 255;

    public ParquetCodec Id => ParquetCodec.Lz4Raw;

    public void Compress(ReadOnlySpan<byte> source, IBufferWriter<byte> target)
    {
        var table = ArrayPool<int>.Shared.Rent(1 << MatchFinder.HashBits);
        table.AsSpan(0, 1 << MatchFinder.HashBits).Clear();
        target.Advance(CompressBlock(source, table, target.GetSpan(16 + source.Length + source.Length / MaxRatio)));
        ArrayPool<int>.Shared.Return(table);
    }

    public void Decompress(ReadOnlySpan<byte> source, int length, IBufferWriter<byte> target)
    {
        if (length > (long)MaxRatio * source.Length)
        {
            throw new InvalidDataException($"{source.Length} LZ4 bytes cannot be {length}");
        }

        var room = length == 0 ? [] : target.GetSpan(length)[..length];
        Fill(room, source);
        target.Advance(length);
    }

    static int CompressBlock(ReadOnlySpan<byte> block, int[] table, Span<byte> target)
    {
        var lastStart = block.Length - LastMatch - 1;
        ref var source = ref MemoryMarshal.GetReference(block);
        int written = 0, pending = 0;
        for (var (at, misses) = (1, 64); at <= lastStart;)
        {
            var four = MatchFinder.Load4(ref source, at);
            ref var slot = ref table[MatchFinder.Hash(four)];
            var candidate = slot;
            slot = at;
            if (at - candidate > MaxOffset || MatchFinder.Load4(ref source, candidate) != four)
            {
                at += misses++ >> 6;
                continue;
            }

            var length = MinMatch + MatchFinder.Length(ref source, candidate + MinMatch, at + MinMatch, block.Length - LastLiterals);
            written += PutSequence(block[pending..at], at - candidate, length, target[written..]);
            at += length;
            pending = at;
            misses = 64;
        }

        return written + PutSequence(block[pending..], 0, MinMatch, target[written..]);
    }

    /// <param name="offset">0 for the last sequence, which has literals only.</param>
    static int PutSequence(ReadOnlySpan<byte> literals, int offset, int length, Span<byte> target)
    {
        target[0] = (byte)(Math.Min(literals.Length, 15) << 4 | Math.Min(length - MinMatch, 15));
        var written = 1 + PutLength(literals.Length - 15, target[1..]);
        literals.CopyTo(target[written..]);
        written += literals.Length;
        if (offset == 0)
        {
            return written;
        }

        BinaryPrimitives.WriteUInt16LittleEndian(target[written..], (ushort)offset);
        return written + 2 + PutLength(length - MinMatch - 15, target[(written + 2)..]);
    }

    /// <param name="rest">What exceeds the 15 of the token; nothing is written below 0.</param>
    static int PutLength(int rest, Span<byte> target)
    {
        if (rest < 0)
        {
            return 0;
        }

        var written = 0;
        for (; rest >= 255; rest -= 255)
        {
            target[written++] = 255;
        }

        target[written++] = (byte)rest;
        return written;
    }

    static void Fill(Span<byte> target, ReadOnlySpan<byte> source)
    {
        int position = 0, at = 0;
        while (position < source.Length)
        {
            var token = source[position++];
            var literals = ReadLength(source, ref position, token >> 4);
            if (literals > source.Length - position || literals > target.Length - at)
            {
                throw new InvalidDataException($"{literals} LZ4 literals exceed their page");
            }

            source.Slice(position, (int)literals).CopyTo(target[at..]);
            position += (int)literals;
            at += (int)literals;
            if (position == source.Length)
            {
                break;
            }

            if (source.Length - position < 2)
            {
                throw new InvalidDataException("its LZ4 block ends inside an offset");
            }

            var offset = BinaryPrimitives.ReadUInt16LittleEndian(source[position..]);
            position += 2;
            var length = MinMatch + ReadLength(source, ref position, token & 15);
            if (offset == 0 || offset > at || length > target.Length - at)
            {
                throw new InvalidDataException($"an LZ4 copy of {length} bytes from {offset} back exceeds its page");
            }

            MatchFinder.Repeat(target, at, offset, (int)length);
            at += (int)length;
        }

        if (at < target.Length)
        {
            throw new InvalidDataException($"its LZ4 block ends {target.Length - at} bytes early");
        }
    }

    static long ReadLength(ReadOnlySpan<byte> source, ref int position, int length)
    {
        long total = length;
        for (var more = length == 15; more;)
        {
            if (position == source.Length)
            {
                throw new InvalidDataException("its LZ4 block ends inside a length");
            }

            var part = source[position++];
            total += part;
            more = part == 255;
        }

        return total;
    }
}
