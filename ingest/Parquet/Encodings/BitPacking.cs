using System.Buffers.Binary;

namespace Pipeline.Ingest.Parquet.Encodings;

/// <summary>Numbers of a fixed width in bits, one after the other from the lowest bit of the first byte.</summary>
static class BitPacking
{
    /// <summary>One number of 0 to 64 bits. The caller has made sure that its bits are inside.</summary>
    public static ulong Read(ReadOnlySpan<byte> bytes, long bit, int width)
    {
        var at = (int)(bit >> 3);
        var shift = (int)(bit & 7);
        var value = Load(bytes, at) >> shift;
        if (shift + width > 64)
        {
            value |= (ulong)bytes[at + 8] << (64 - shift);
        }

        return width == 64 ? value : value & ((1UL << width) - 1);
    }

    /// <summary>Numbers of up to 32 bits, from a given bit on. The caller has made sure that their bits are inside.</summary>
    public static void Unpack(ReadOnlySpan<byte> bytes, long bit, int width, Span<int> values)
    {
        var mask = (1UL << width) - 1;
        for (var i = 0; i < values.Length; i++, bit += width)
        {
            values[i] = (int)(Load(bytes, (int)(bit >> 3)) >> (int)(bit & 7) & mask);
        }
    }

    /// <summary>Packs numbers of up to 32 bits. Bits of the last byte beyond them are zero.</summary>
    /// <param name="bytes">At least (values * width + 7) / 8 long.</param>
    public static void Pack(ReadOnlySpan<int> values, int width, Span<byte> bytes)
    {
        ulong pending = 0;
        int bits = 0, at = 0;
        foreach (var value in values)
        {
            pending |= (ulong)(uint)value << bits;
            bits += width;
            if (bits >= 32)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(bytes[at..], (uint)pending);
                at += 4;
                pending >>= 32;
                bits -= 32;
            }
        }

        for (; bits > 0; bits -= 8)
        {
            bytes[at++] = (byte)pending;
            pending >>= 8;
        }
    }

    /// <summary>Eight bytes, or as many as there are, as the low bytes of a number.</summary>
    static ulong Load(ReadOnlySpan<byte> bytes, int at)
    {
        if (bytes.Length - at >= 8)
        {
            return BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
        }

        ulong value = 0;
        for (var i = bytes.Length - 1; i >= at; i--)
        {
            value = value << 8 | bytes[i];
        }

        return value;
    }
}
