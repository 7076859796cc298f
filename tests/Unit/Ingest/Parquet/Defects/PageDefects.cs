using Pipeline.Ingest.Parquet.Metadata;
using Pipeline.Ingest.Parquet.Thrift;

namespace Pipeline.Unit.Ingest.Parquet;

/// <summary>Pages whose headers lie, come in the wrong order or number, or have levels that a flat column has not.</summary>
static class PageDefects
{
    static readonly byte[] Two = [1, 0, 0, 0, 2, 0, 0, 0];

    static readonly byte[] Good = HandMadeFile.DataPage(2, PageEncoding.Plain, Two);

    static readonly byte[] Dictionary = HandMadeFile.DictionaryPage(1, 7, 0, 0, 0);

    public static IReadOnlyList<Defect> List { get; } =
    [
        Of("no page at all"),
        Of("a page without a header", [0]),
        Of("a header that never ends", [.. Enumerable.Repeat((byte)0x1C, 70_000)]),
        Of("a header longer than any is", [.. Header(PageKind.Data, Two.Length, Two.Length, 2, text: new byte[70_000]), .. Two]),
        Of("a page of an unknown kind", Page((PageKind)9, Two.Length, Two.Length, 2)),
        Of("a page of a negative kind", Page((PageKind)(-5), Two.Length, Two.Length, 2)),
        Of("a page of a negative size", Page(PageKind.Data, Two.Length, -1, 2)),
        Of("a page longer than its column", Page(PageKind.Data, Two.Length, int.MaxValue, 2)),
        Of("a page shorter than its values", Page(PageKind.Data, 7, 7, 2)),
        Of("a page that claims more bytes before compression", Page(PageKind.Data, int.MaxValue, Two.Length, 2)),
        Of("a page that claims fewer bytes before compression", Page(PageKind.Data, 1, Two.Length, 2)),
        Of("a page of a negative size before compression", Page(PageKind.Data, -8, Two.Length, 2)),
        Of("a page of a negative number of rows", Page(PageKind.Data, Two.Length, Two.Length, -2)),
        Of("a page with more rows than its column", Page(PageKind.Data, Two.Length, Two.Length, 3)),
        Of("a page with fewer rows than its column, and no other", Page(PageKind.Data, Two.Length, Two.Length, 1)),
        Of("a page with more rows than its column, and values for them", HandMadeFile.DataPage(3, PageEncoding.Plain, [.. Two, 3, 0, 0, 0])),
        Of("a page of rows without bytes", Page(PageKind.Data, 0, 0, 2)),
        Of("a page with a wrong checksum", [.. Header(PageKind.Data, Two.Length, Two.Length, 2, crc: 1), .. Two]),
        new("a thousand pages of no rows before the page", path =>
            HandMadeFile.Write(path, HandMadeFile.Required(PhysicalType.Int32), 2, [.. Enumerable.Repeat(HandMadeFile.DataPage(0, PageEncoding.Plain), 1000), Good]), IsRefused: false),
        new("an index page before the page", path =>
            HandMadeFile.Write(path, HandMadeFile.Required(PhysicalType.Int32), 2, HandMadeFile.Page(PageKind.Index, 6, 0, 0, 0, []), Good), IsRefused: false),
        Of("a second dictionary", Dictionary, Dictionary, HandMadeFile.DataPage(2, PageEncoding.RleDictionary, 0, 0x04)),
        Of("positions without a dictionary", HandMadeFile.DataPage(2, PageEncoding.RleDictionary, 0, 0x04)),
        Of("a dictionary behind the positions", HandMadeFile.DataPage(2, PageEncoding.RleDictionary, 0, 0x04), Dictionary),
        Of("a dictionary and nothing after it", Dictionary),
        Of("a dictionary of fewer entries than it says", HandMadeFile.DictionaryPage(9, 7, 0, 0, 0), HandMadeFile.DataPage(2, PageEncoding.RleDictionary, 0, 0x04)),
        Of("a dictionary of a negative number of entries", HandMadeFile.DictionaryPage(-1, 7, 0, 0, 0), HandMadeFile.DataPage(2, PageEncoding.RleDictionary, 0, 0x04)),
        Of("a dictionary in runs", HandMadeFile.Page(PageKind.Dictionary, 7, 4, 1, PageEncoding.Rle, [7, 0, 0, 0]), Good),
        Of("a position behind the dictionary", Dictionary, HandMadeFile.DataPage(2, PageEncoding.RleDictionary, 1, 0x04, 1)),
        Of("a negative position", Dictionary, HandMadeFile.DataPage(2, PageEncoding.RleDictionary, 32, 0x04, 0xFF, 0xFF, 0xFF, 0xFF)),
        Of("positions 33 bits wide", Dictionary, HandMadeFile.DataPage(2, PageEncoding.RleDictionary, 33, 0x04, 0, 0, 0, 0, 0)),
        Of("positions without a width", Dictionary, HandMadeFile.DataPage(2, PageEncoding.RleDictionary)),
        Of("more positions than can be counted", Dictionary, HandMadeFile.DataPage(2, PageEncoding.RleDictionary, [8, 0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20, 0, 0])),
        Of("positions that end early", Dictionary, HandMadeFile.DataPage(2, PageEncoding.RleDictionary, 1, 0x02, 0)),
        Optional("levels of a negative length", HandMadeFile.DataPage(2, PageEncoding.Plain, [0xFF, 0xFF, 0xFF, 0xFF, .. Two])),
        Optional("levels longer than their page", HandMadeFile.DataPage(2, PageEncoding.Plain, [0xFF, 0, 0, 0, .. Two])),
        Optional("no levels where there should be", HandMadeFile.DataPage(2, PageEncoding.Plain, 1, 0)),
        Optional("levels in the old packing", [.. Header(PageKind.Data, 14, 14, 2, levels: PageEncoding.BitPacked), 2, 0, 0, 0, 0x04, 1, .. Two]),
        Optional("levels that end early", HandMadeFile.DataPage(2, PageEncoding.Plain, [2, 0, 0, 0, 0x02, 1, .. Two])),
        Optional("levels of two", HandMadeFile.DataPage(2, PageEncoding.Plain, [2, 0, 0, 0, 0x04, 2, .. Two])),
        Optional("repetition levels before the others", HandMadeFile.DataPage(2, PageEncoding.Plain, [2, 0, 0, 0, 0x04, 0, 2, 0, 0, 0, 0x04, 1, .. Two])),
        Optional("levels without a value for a row that has one", HandMadeFile.DataPage(2, PageEncoding.Plain, [2, 0, 0, 0, 0x04, 1, 1, 0, 0, 0])),
        Optional("values behind the last row", HandMadeFile.DataPage(2, PageEncoding.Plain, [2, 0, 0, 0, 0x04, 0, .. Two])),
        V2("a page v2 with levels of a negative length", 2, [0x04, 1], -2, 0),
        V2("a page v2 with levels longer than itself", 2, [0x04, 1], 1 << 30, 0),
        V2("a page v2 with repetition levels of a negative length", 2, [0x04, 1], 2, -2),
        V2("a page v2 whose levels run over together", 2, [0x04, 1], int.MaxValue, int.MaxValue),
        V2("a page v2 with levels that end early", 2, [0x02, 1], 2, 0),
        V2("a page v2 without levels", 2, [], 0, 0),
        V2("a page v2 of another size than it says", 2, [0x04, 1], 2, 0, size: 11),
        V2("a page v2 with repetition levels of a flat column", 2, [0x04, 0, 0x04, 1], 2, 2, isRefused: false),
    ];

    static Defect Of(string name, params byte[][] pages) => new(name, path => HandMadeFile.Write(path, HandMadeFile.Required(PhysicalType.Int32), 2, pages));

    static Defect Optional(string name, params byte[][] pages) => new(name, path => HandMadeFile.Write(path, HandMadeFile.Optional(PhysicalType.Int32), 2, pages));

    static byte[] Page(PageKind kind, int uncompressed, int compressed, int count) => [.. Header(kind, uncompressed, compressed, count), .. Two];

    static byte[] Header(PageKind kind, int uncompressed, int compressed, int count, int? crc = null, byte[]? text = null, PageEncoding levels = PageEncoding.Rle)
    {
        var writer = new CompactWriter();
        writer.WriteInt32(1, (int)kind);
        writer.WriteInt32(2, uncompressed);
        writer.WriteInt32(3, compressed);
        if (crc is { } sum)
        {
            writer.WriteInt32(4, sum);
        }

        writer.BeginStruct(5);
        writer.WriteInt32(1, count);
        writer.WriteInt32(2, (int)PageEncoding.Plain);
        writer.WriteInt32(3, (int)levels);
        writer.WriteInt32(4, (int)PageEncoding.Rle);
        writer.EndStruct();
        if (text is not null)
        {
            writer.WriteBinary(12, text);
        }

        writer.EndStruct();
        return writer.Written.ToArray();
    }

    static Defect V2(string name, int count, byte[] levels, int definition, int repetition, bool isRefused = true, int? size = null) => new(name, path =>
    {
        var writer = new CompactWriter();
        writer.WriteInt32(1, (int)PageKind.Data2);
        writer.WriteInt32(2, size ?? levels.Length + Two.Length);
        writer.WriteInt32(3, levels.Length + Two.Length);
        writer.BeginStruct(8);
        foreach (var (field, value) in new[] { (1, count), (2, 0), (3, count), (4, (int)PageEncoding.Plain), (5, definition), (6, repetition) })
        {
            writer.WriteInt32((short)field, value);
        }

        writer.WriteBool(7, false);
        writer.EndStruct();
        writer.EndStruct();
        HandMadeFile.Write(path, HandMadeFile.Optional(PhysicalType.Int32), count, [.. writer.Written, .. levels, .. Two]);
    }, isRefused);
}
