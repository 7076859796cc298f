using System.Buffers.Binary;

namespace Pipeline.Ingest.Parquet;

/// <summary>The checksum of pages: CRC-32 with the polynomial of gzip, reflected 0xEDB88320.</summary>
/// <remarks>Eight bytes a step. Source: Kounavis and Berry 2008, "Novel table lookup-based algorithms for high-performance CRC generation".</remarks>
static class Crc32
{
    // Entry [k * 256 + b]: what byte b does when k more bytes follow it in the step.
    static readonly uint[] Table = MakeTable();

    public static uint Of(ReadOnlySpan<byte> bytes) => ~Append(uint.MaxValue, bytes);

    static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        var table = Table.AsSpan(0, 8 * 256);
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ crc;
            crc = table[7 * 256 + (int)(word & 255)]
                ^ table[6 * 256 + (int)(word >> 8 & 255)]
                ^ table[5 * 256 + (int)(word >> 16 & 255)]
                ^ table[4 * 256 + (int)(word >> 24 & 255)]
                ^ table[3 * 256 + (int)(word >> 32 & 255)]
                ^ table[2 * 256 + (int)(word >> 40 & 255)]
                ^ table[256 + (int)(word >> 48 & 255)]
                ^ table[(int)(word >> 56)];
        }

        foreach (var next in bytes)
        {
            crc = table[(int)((crc ^ next) & 255)] ^ crc >> 8;
        }

        return crc;
    }

    static uint[] MakeTable()
    {
        var table = new uint[8 * 256];
        for (var value = 0u; value < 256; value++)
        {
            var crc = value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0xEDB88320;
            }

            table[value] = crc;
        }

        for (var i = 256; i < table.Length; i++)
        {
            table[i] = table[table[i - 256] & 255] ^ table[i - 256] >> 8;
        }

        return table;
    }
}
