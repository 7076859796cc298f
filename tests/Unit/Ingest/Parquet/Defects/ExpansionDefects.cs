using Pipeline.Ingest.Parquet;
using Pipeline.Ingest.Parquet.Metadata;

namespace Pipeline.Unit.Ingest.Parquet;

/// <summary>Small files in which everything agrees, and which are very large in memory; and large footers, which must not be larger there than their bytes explain.</summary>
static class ExpansionDefects
{
    const int Million = 1_000_000;

    static readonly SchemaElement Nullable = HandMadeFile.Optional(PhysicalType.Int32);

    static readonly byte[] LongText = HandMadeFile.DictionaryPage(1, [0xE8, 3, 0, 0, .. Enumerable.Repeat((byte)'a', 1000)]);

    // A run of 1,000,000, of 1,000 and of 2^24: twice the number as a varint, then no bits of position.
    static readonly byte[] MillionPositions = [0, 0x80, 0x89, 0x7A], ThousandPositions = [0, 0xD0, 0x0F], ManyNulls = [5, 0, 0, 0, 0x80, 0x80, 0x80, 0x10, 0];

    public static IReadOnlyList<Defect> List { get; } =
    [
        Texts("a million rows of one long text", Million, LongText, HandMadeFile.DataPage(Million, PageEncoding.RleDictionary, MillionPositions)),
        Texts("a thousand pages of one long text", Million, [LongText, .. Enumerable.Repeat(HandMadeFile.DataPage(1000, PageEncoding.RleDictionary, ThousandPositions), 1000)]),
        Texts("texts that each begin with all of the text before", 20_000, HandMadeFile.DataPage(20_000, PageEncoding.DeltaByteArray, GrowingTexts(20_000))),
        new("a hundred groups of twenty thousand rows of one long text", path => Groups(path, 100, 20_000, [.. LongText, .. HandMadeFile.DataPage(20_000, PageEncoding.RleDictionary, 0, 0xC0, 0xB8, 0x02)])),
        new("a thousand columns of sixteen million nulls", path => Columns(path, 1000, 1 << 24, HandMadeFile.DataPage(1 << 24, PageEncoding.Plain, ManyNulls))),
        Texts("a dictionary of two thousand million empty texts", Million, HandMadeFile.DictionaryPage(int.MaxValue, 0, 0, 0, 0)),
        new("a dictionary of thirty million empty texts in 120 KB", path => HandMadeFile.Write(
            path, HandMadeFile.Text, 2, (int)ParquetCodec.Gzip, HandMadeFile.Page(PageKind.Dictionary, 7, 120 << 20, 30 << 20, PageEncoding.Plain, BombDefects.Gzip(120 << 20)))),
        new("a schema of a hundred thousand columns", path => Columns(path, 100_000, 0, [])),
        new("a schema of a thousand columns", path => Columns(path, 1000, 0, []), IsRefused: false),
        new("a hundred thousand groups of no rows", path => Groups(path, 100_000, 0, []), IsRefused: false),
        new("statistics of two million bytes", path => HandMadeFile.Write(
            path, [Root(1), Nullable], [new GroupMetadata([Chunk(0, 0, 0) with { Statistics = new ColumnStatistics(0, new byte[Million], new byte[Million]) }], 0)], 0, []), IsRefused: false),
        new("a column whose name has two million letters", path => HandMadeFile.Write(path, [Root(1), Nullable with { Name = new string('a', 2 * Million) }], [], 0, []), IsRefused: false),
    ];

    static Defect Texts(string name, int rows, params byte[][] pages) => new(name, path => HandMadeFile.Write(path, HandMadeFile.Text, rows, pages));

    static SchemaElement Root(int columns) => new("root") { ChildCount = columns };

    static ChunkMetadata Chunk(int place, int size, long rows) =>
        new() { Type = PhysicalType.Int32, Path = "it", ValueCount = rows, CompressedSize = size, DataPageOffset = 4 + (long)place * size };

    static void Groups(string path, int count, int rows, byte[] pages) => HandMadeFile.Write(
        path,
        [Root(1), HandMadeFile.Text],
        [.. Enumerable.Range(0, count).Select(group => new GroupMetadata([Chunk(group, pages.Length, rows) with { Type = PhysicalType.ByteArray }], rows))],
        (long)count * rows,
        [.. Enumerable.Repeat(pages, count).SelectMany(page => page)]);

    static void Columns(string path, int count, long rows, byte[] pages) => HandMadeFile.Write(
        path,
        [Root(count), .. Enumerable.Range(0, count).Select(column => Nullable with { Name = $"{column}" })],
        rows == 0 ? [] : [new GroupMetadata([.. Enumerable.Range(0, count).Select(column => Chunk(column, pages.Length, rows) with { Path = $"{column}" })], rows)],
        rows,
        [.. Enumerable.Repeat(pages, count).SelectMany(page => page)]);

    /// <summary>Starts 0 1 2 ..., as one block of the difference 1 in no bits; lengths 1 1 1 ..., as differences of 0; then the last letters.</summary>
    static byte[] GrowingTexts(int count)
    {
        byte[] many = [(byte)(count & 127 | 128), (byte)(count >> 7 & 127 | 128), (byte)(count >> 14)];

        // Blocks of 2^20 with one miniblock.
        byte[] starts = [0x80, 0x80, 0x40, 1, .. many, 0, 2, 0], lengths = [0x80, 0x80, 0x40, 1, .. many, 2, 0, 0];
        return [.. starts, .. lengths, .. Enumerable.Repeat((byte)'a', count)];
    }
}
