using System.Text;
using Pipeline.Ingest.Parquet.Thrift;

namespace Pipeline.Ingest.Parquet.Metadata;

/// <summary>
/// The format protects pages by a checksum but not the footer, where one flipped bit can turn a date into a number. So our
/// footer carries, as a key and a value that other readers ignore, the CRC-32 of itself with zeros in place of the digits.
/// </summary>
static class FooterChecksum
{
    const int Digits = 8;

    static readonly string None = new('0', Digits);

    static ReadOnlySpan<byte> Key => "pipeline.footer.crc32"u8;

    /// <summary>Writes the list of keys and values, with zeros for the digits.</summary>
    public static void WritePlace(CompactWriter writer, short field)
    {
        writer.BeginList(field, CompactType.Struct, 1);
        writer.BeginElement();
        writer.WriteBinary(1, Key);
        writer.WriteText(2, None);
        writer.EndStruct();
    }

    /// <summary>Puts the digits into a footer that was written with zeros.</summary>
    public static void Seal(Span<byte> footer) => Encoding.ASCII.GetBytes(Of(footer), Place(footer));

    /// <returns>The digits that the list of keys and values has, or null.</returns>
    public static string? Find(ref CompactReader reader, CompactType type)
    {
        string? found = null;
        for (var left = reader.ReadList(type, CompactType.Struct); left > 0; left--)
        {
            var isOurs = false;
            for (short id = 0; reader.NextField(ref id, out var field);)
            {
                switch (id)
                {
                    case 1:
                        isOurs = reader.ReadBinary(field).SequenceEqual(Key);
                        break;
                    case 2 when isOurs:
                        found = reader.ReadText(field);
                        break;
                    default:
                        reader.Skip(field);
                        break;
                }
            }
        }

        return found;
    }

    /// <summary>Compares the digits that were found with the footer around them.</summary>
    public static void Check(ReadOnlySpan<byte> footer, string found)
    {
        var zeroed = footer.ToArray();
        if (Place(zeroed) is { IsEmpty: false } place)
        {
            Encoding.ASCII.GetBytes(None, place);
        }

        var expected = Of(zeroed);
        if (found != expected)
        {
            throw new InvalidDataException($"its checksum is {expected}, expected {found}");
        }
    }

    static string Of(ReadOnlySpan<byte> footer) => Crc32.Of(footer).ToString("x8");

    /// <summary>The digits: after the last mention of the key, a byte of field header and a byte of length.</summary>
    static Span<byte> Place(Span<byte> footer)
    {
        var start = footer.LastIndexOf(Key) + Key.Length + 2;
        return start + Digits <= footer.Length ? footer.Slice(start, Digits) : [];
    }
}
