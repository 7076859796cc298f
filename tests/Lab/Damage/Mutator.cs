using System.Buffers.Binary;
using Pipeline.Stages;

namespace Pipeline.Lab.Damage;

/// <summary>Damages bytes in the ways that disks, networks, editors and other people's programs do.</summary>
/// <param name="tokens">Pieces of the format that are worth putting anywhere.</param>
sealed class Mutator(RandomStream chance, IReadOnlyList<byte[]> tokens)
{
    static readonly int[] Extremes = [0, 1, -1, int.MaxValue, int.MinValue, 0x7FFF, 0xFFFF, 1 << 20, 1 << 28];

    /// <summary>A damaged copy, by one to four steps.</summary>
    /// <param name="donors">Files that pieces are taken from.</param>
    /// <param name="weakSpots">Offsets around which headers lie; half of the damage happens near them.</param>
    public byte[] Damage(byte[] clean, IReadOnlyList<byte[]> donors, IReadOnlyList<int> weakSpots)
    {
        var bytes = clean.ToList();
        for (var steps = 1 + chance.NextInt(4) * chance.NextInt(2); steps > 0; steps--)
        {
            Step(bytes, donors, weakSpots);
        }

        return [.. bytes];
    }

    void Step(List<byte> bytes, IReadOnlyList<byte[]> donors, IReadOnlyList<int> weakSpots)
    {
        var at = Place(bytes.Count, weakSpots);
        switch (chance.NextInt(10))
        {
            case 0 or 1 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << chance.NextInt(8));
                break;
            case 2 when at < bytes.Count:
                bytes[at] = (byte)chance.NextInt(256);
                break;
            case 3 when at < bytes.Count:
                bytes[at] = (byte)(chance.NextInt(2) * 255);
                break;
            case 4:
                bytes.RemoveRange(at, Math.Min(Length(), bytes.Count - at));
                break;
            case 5:
                bytes.InsertRange(at, Piece(donors[chance.NextInt(donors.Count)]));
                break;
            case 6:
                Overwrite(bytes, at, Piece(donors[chance.NextInt(donors.Count)]));
                break;
            case 7:
                Overwrite(bytes, at, Number());
                break;
            case 8:
                Overwrite(bytes, at, Varint());
                break;
            default:
                if (tokens.Count > 0)
                {
                    bytes.InsertRange(at, tokens[chance.NextInt(tokens.Count)]);
                }

                break;
        }
    }

    int Place(int length, IReadOnlyList<int> weakSpots) => weakSpots.Count == 0 || chance.NextInt(2) == 0
        ? chance.NextInt(length + 1)
        : Math.Clamp(weakSpots[chance.NextInt(weakSpots.Count)] + chance.NextInt(40) - 4, 0, length);

    int Length() => 1 << chance.NextInt(9);

    byte[] Piece(byte[] donor)
    {
        var start = chance.NextInt(donor.Length + 1);
        return donor[start..Math.Min(donor.Length, start + Length())];
    }

    byte[] Number()
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Extremes[chance.NextInt(Extremes.Length)]);
        return bytes;
    }

    /// <summary>A number of 1 to 11 bytes; 11 are too many.</summary>
    byte[] Varint()
    {
        var bytes = new byte[1 + chance.NextInt(11)];
        bytes.AsSpan().Fill(0xFF);
        bytes[^1] = (byte)chance.NextInt(128);
        return bytes;
    }

    static void Overwrite(List<byte> bytes, int at, byte[] piece)
    {
        for (var i = 0; i < piece.Length && at + i < bytes.Count; i++)
        {
            bytes[at + i] = piece[i];
        }
    }
}
