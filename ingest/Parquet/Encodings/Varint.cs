namespace Pipeline.Ingest.Parquet.Encodings;

/// <summary>Numbers in groups of 7 bits, lowest first; the high bit of a byte says that more follow.</summary>
static class Varint
{
    /// <param name="position">Moves behind the number.</param>
    public static ulong Read(ReadOnlySpan<byte> bytes, ref int position)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64 && position < bytes.Length; shift += 7)
        {
            var part = bytes[position++];
            value |= (ulong)(part & 127) << shift;
            if (part < 128)
            {
                return value;
            }
        }

        throw new InvalidDataException("a number has no end");
    }

    /// <summary>Small negative numbers are short, too: 0, -1, 1, -2 are 0, 1, 2, 3.</summary>
    public static long ReadZigZag(ReadOnlySpan<byte> bytes, ref int position)
    {
        var raw = Read(bytes, ref position);
        return (long)(raw >> 1) ^ -(long)(raw & 1);
    }

    /// <returns>The number of bytes written, 10 at most.</returns>
    public static int Write(ulong value, Span<byte> bytes)
    {
        var count = 0;
        for (; value >= 128; value >>= 7)
        {
            bytes[count++] = (byte)(value | 128);
        }

        bytes[count++] = (byte)value;
        return count;
    }
}
