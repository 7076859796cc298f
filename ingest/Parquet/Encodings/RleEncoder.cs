using System.Buffers;

namespace Pipeline.Ingest.Parquet.Encodings;

/// <summary>Writes RLE / bit-packed hybrid: eight or more equal values become a run, the others groups of eight.</summary>
static class RleEncoder
{
    const int Group = 8;

    /// <param name="width">Bits of a value, 0 to 32.</param>
    public static void Write(ReadOnlySpan<int> values, int width, IBufferWriter<byte> target)
    {
        var written = 0;
        for (var at = 0; at < values.Length;)
        {
            var run = RunLength(values[at..]);

            // Groups are whole, so the values before a run borrow from it.
            var borrowed = (Group - (at - written) % Group) % Group;
            if (run >= Group + borrowed)
            {
                WritePacked(values[written..(at + borrowed)], width, target);
                WriteRun(values[at], run - borrowed, width, target);
                written = at + run;
            }

            at += run;
        }

        WritePacked(values[written..], width, target);
    }

    static int RunLength(ReadOnlySpan<int> values)
    {
        var end = values.IndexOfAnyExcept(values[0]);
        return end < 0 ? values.Length : end;
    }

    static void WriteRun(int value, int count, int width, IBufferWriter<byte> target)
    {
        var span = target.GetSpan(14);
        var length = Varint.Write((ulong)count << 1, span);
        for (var bit = 0; bit < width; bit += 8)
        {
            span[length++] = (byte)((uint)value >> bit);
        }

        target.Advance(length);
    }

    static void WritePacked(ReadOnlySpan<int> values, int width, IBufferWriter<byte> target)
    {
        if (values.IsEmpty)
        {
            return;
        }

        var groups = (values.Length + Group - 1) / Group;
        var span = target.GetSpan(10 + groups * width);
        var length = Varint.Write((ulong)groups << 1 | 1, span);
        var packed = span.Slice(length, groups * width);
        packed[(int)(((long)values.Length * width + 7) / 8)..].Clear();
        BitPacking.Pack(values, width, packed);
        target.Advance(length + packed.Length);
    }
}
