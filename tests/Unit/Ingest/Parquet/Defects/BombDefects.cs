using System.IO.Compression;
using Pipeline.Ingest.Parquet;
using Pipeline.Ingest.Parquet.Metadata;

namespace Pipeline.Unit.Ingest.Parquet;

/// <summary>Small files that say they are large, and some that are.</summary>
static class BombDefects
{
    const int Many = 100_000_000;

    static readonly byte[] ManyAsRun = [0x80, 0x84, 0xAF, 0x5F];

    static readonly SchemaElement Ints = HandMadeFile.Required(PhysicalType.Int32);

    static readonly SchemaElement Nullable = HandMadeFile.Optional(PhysicalType.Int32);

    public static IReadOnlyList<Defect> List { get; } =
    [
        Compressed("gzip that unpacks to less than its page says", ParquetCodec.Gzip, Gzip(4), 1 << 26),
        Compressed("gzip that unpacks to more than its page says", ParquetCodec.Gzip, Gzip(1 << 24), 8),
        Compressed("gzip of 160 MiB in 160 KB", ParquetCodec.Gzip, Gzip(160 << 20), 160 << 20),
        Compressed("gzip that is none", ParquetCodec.Gzip, [1, 2, 3, 4], 8),
        Compressed("gzip of no bytes", ParquetCodec.Gzip, [], 8),
        Compressed("snappy that claims two thousand million bytes", ParquetCodec.Snappy, [0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0], int.MaxValue),
        Compressed("snappy that claims another length than it has", ParquetCodec.Snappy, [7, 0x1C, 1, 0, 0, 0, 2, 0, 0, 0], 8),
        Compressed("snappy that copies from before its beginning", ParquetCodec.Snappy, [8, 0, 1, 0x0E, 0xFF, 0xFF], 8),
        Compressed("snappy with a literal beyond its end", ParquetCodec.Snappy, [8, 0xFC, 0xFF, 0xFF, 0xFF, 0x7F], 8),
        Compressed("snappy of no bytes", ParquetCodec.Snappy, [], 8),
        Compressed("LZ4 that claims two thousand million bytes", ParquetCodec.Lz4Raw, [0x10, 1], int.MaxValue),
        Compressed("LZ4 with a length that never ends", ParquetCodec.Lz4Raw, [.. Enumerable.Repeat((byte)0xFF, 1000)], 8),
        Compressed("LZ4 that copies from before its beginning", ParquetCodec.Lz4Raw, [0x11, 1, 9, 9], 8),
        Rows("a hundred million rows in a run of nulls", Nullable, [HandMadeFile.DataPage(Many, PageEncoding.Plain, [5, 0, 0, 0, .. ManyAsRun, 0])]),
        Rows("a hundred million rows in a run of positions", Ints, [HandMadeFile.DictionaryPage(1, 7, 0, 0, 0), HandMadeFile.DataPage(Many, PageEncoding.RleDictionary, [0, .. ManyAsRun])]),
        Rows("a hundred million bools in a run", HandMadeFile.Required(PhysicalType.Boolean), [HandMadeFile.DataPage(Many, PageEncoding.Rle, [5, 0, 0, 0, .. ManyAsRun, 1])]),
        Rows("a hundred million rows in no byte", Ints, [HandMadeFile.DataPage(Many, PageEncoding.Plain)]),
        Rows("a hundred million texts in no byte", HandMadeFile.Text, [HandMadeFile.DataPage(Many, PageEncoding.Plain)]),
        Rows("a dictionary of a hundred million entries in no byte", HandMadeFile.Text, [HandMadeFile.DictionaryPage(Many)]),
    ];

    static Defect Compressed(string name, ParquetCodec codec, byte[] body, int size) => new(name, path =>
        HandMadeFile.Write(path, Ints, 2, (int)codec, HandMadeFile.Page(PageKind.Data, 5, size, 2, PageEncoding.Plain, body)));

    static Defect Rows(string name, SchemaElement column, byte[][] pages) => new(name, path => HandMadeFile.Write(path, column, Many, pages));

    /// <summary>So many zeros.</summary>
    public static byte[] Gzip(int size)
    {
        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var zeros = new byte[1 << 20];
            for (var left = size; left > 0; left -= zeros.Length)
            {
                stream.Write(zeros, 0, Math.Min(left, zeros.Length));
            }
        }

        return packed.ToArray();
    }
}
