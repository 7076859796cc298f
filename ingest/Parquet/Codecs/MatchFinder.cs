using System.Numerics;
using System.Runtime.CompilerServices;

namespace Pipeline.Ingest.Parquet.Codecs;

/// <summary>What Snappy and LZ4 share: four bytes as a number, its hash, and how far two places agree.</summary>
/// <remarks>The callers keep every position inside the source, so that these need no checks.</remarks>
static class MatchFinder
{
    public const int HashBits = 14;

    public static uint Load4(ref byte source, int at) => Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref source, at));

    public static int Hash(uint fourBytes) => (int)(fourBytes * 2654435769u >> (32 - HashBits));

    /// <summary>How many bytes from two places on are equal, up to an end that only the later one can reach.</summary>
    public static int Length(ref byte source, int earlier, int later, int end)
    {
        var start = later;
        while (end - later >= 8)
        {
            var difference = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref source, earlier))
                ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref source, later));
            if (difference != 0)
            {
                return later - start + BitOperations.TrailingZeroCount(difference) / 8;
            }

            earlier += 8;
            later += 8;
        }

        while (later < end && Unsafe.Add(ref source, earlier) == Unsafe.Add(ref source, later))
        {
            earlier++;
            later++;
        }

        return later - start;
    }

    /// <summary>Copies within a target; where the ranges overlap, what was just written is repeated.</summary>
    /// <param name="offset">How far back to copy from: at least 1, at most <paramref name="at"/>.</param>
    public static void Repeat(Span<byte> target, int at, int offset, int length)
    {
        var from = at - offset;
        if (offset >= length)
        {
            target.Slice(from, length).CopyTo(target[at..]);
            return;
        }

        // What is behind `from` is periodic, so each round may copy twice as much as the one before.
        for (var done = 0; done < length;)
        {
            var part = Math.Min(at + done - from, length - done);
            target.Slice(from, part).CopyTo(target[(at + done)..]);
            done += part;
        }
    }
}
