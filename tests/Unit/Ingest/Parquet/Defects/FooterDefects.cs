using Pipeline.Ingest.Parquet;
using Pipeline.Ingest.Parquet.Metadata;

namespace Pipeline.Unit.Ingest.Parquet;

/// <summary>Footers that can be read and do not agree with themselves or with the file.</summary>
static class FooterDefects
{
    static readonly byte[] Page = HandMadeFile.DataPage(2, PageEncoding.Plain, 1, 0, 0, 0, 2, 0, 0, 0);

    static readonly byte[] OneRow = HandMadeFile.DataPage(1, PageEncoding.Plain, 1, 0, 0, 0);

    static readonly SchemaElement Ints = HandMadeFile.Required(PhysicalType.Int32);

    static readonly SchemaElement Root = new("root") { ChildCount = 1 };

    static readonly ChunkMetadata Chunk = new() { Type = PhysicalType.Int32, Path = "it", ValueCount = 2, CompressedSize = Page.Length, DataPageOffset = 4 };

    public static IReadOnlyList<Defect> List { get; } =
    [
        Schema("a schema without a root"),
        Schema("a root with a type", Root with { Type = PhysicalType.Int32 }, Ints),
        new("a root with a type and nothing else", path => HandMadeFile.Write(path, [Root with { Type = PhysicalType.Int32 }], [], 0, [])),
        Schema("a root without children", Root with { ChildCount = 0 }, Ints),
        Schema("a root with more children than there are", Root with { ChildCount = 2 }, Ints),
        Schema("a root with two thousand million children", Root with { ChildCount = int.MaxValue }, Ints),
        Schema("a column that is a group", Root, new SchemaElement("it") { Repetition = Repetition.Optional, ChildCount = 1 }, Ints),
        Schema("a repeated column", Root, Ints with { Repetition = Repetition.Repeated }),
        Schema("a column that is neither required nor optional", Root, Ints with { Repetition = (Repetition)7 }),
        Schema("a column of an unknown type", Root, Ints with { Type = (PhysicalType)99 }),
        Schema("a column of a negative type", Root, Ints with { Type = (PhysicalType)(-1) }),
        Schema("a column of 96 bits", Root, Ints with { Type = PhysicalType.Int96 }),
        Schema("a column of fixed length", Root, Ints with { Type = PhysicalType.FixedLengthByteArray }),
        Schema("a column of bytes without a meaning", Root, Ints with { Type = PhysicalType.ByteArray }),
        Schema("a decimal column", Root, Ints with { Converted = ConvertedType.Decimal }),
        Schema("a column of an unknown meaning", Root, Ints with { Converted = (ConvertedType)99 }),
        Schema("text that is kept as a number", Root, Ints with { Converted = ConvertedType.Utf8 }),
        Groups("a negative number of rows in all", -1, new GroupMetadata([Chunk], 2)),
        Groups("fewer rows in all than in its groups", 1, new GroupMetadata([Chunk], 2)),
        Groups("more rows in all than in its groups", 3, new GroupMetadata([Chunk], 2)),
        Groups("a group of a negative number of rows", 2, new GroupMetadata([Chunk], -2)),
        Groups("a group of more rows than fit memory", long.MaxValue, new GroupMetadata([Chunk with { ValueCount = long.MaxValue }], long.MaxValue)),
        Groups("a column with fewer values than its group has rows", 2, new GroupMetadata([Chunk with { ValueCount = 1 }], 2)),
        new("a column and its page with fewer values than its group has rows", path => HandMadeFile.Write(
            path, [Root, Ints], [new GroupMetadata([Chunk with { ValueCount = 1, CompressedSize = OneRow.Length }], 2)], 2, OneRow)),
        Groups("a column with more values than its group has rows", 2, new GroupMetadata([Chunk with { ValueCount = 3 }], 2)),
        new("a group that lacks a column", path => HandMadeFile.Write(path, [Root with { ChildCount = 2 }, Ints, Ints with { Name = "at" }], [new GroupMetadata([Chunk], 2)], 2, Page)),
        Groups("a group with a column too many", 2, new GroupMetadata([Chunk, Chunk], 2)),
        Groups("a column of another type than the schema's", 2, new GroupMetadata([Chunk with { Type = PhysicalType.Float }], 2)),
        Groups("a column of another name than the schema's", 2, new GroupMetadata([Chunk with { Path = "other" }], 2)),
        Groups("a codec that nobody knows", 2, new GroupMetadata([Chunk with { Codec = 99 }], 2)),
        Groups("a negative codec", 2, new GroupMetadata([Chunk with { Codec = -1 }], 2)),
        Groups("a codec that the pages are not in", 2, new GroupMetadata([Chunk with { Codec = (int)ParquetCodec.Gzip }], 2)),
        Groups("a column that begins before the file", 2, new GroupMetadata([Chunk with { DataPageOffset = -4 }], 2)),
        Groups("a column that begins in the mark", 2, new GroupMetadata([Chunk with { DataPageOffset = 0 }], 2)),
        Groups("a column that begins behind the file", 2, new GroupMetadata([Chunk with { DataPageOffset = 1 << 30 }], 2)),
        Groups("a column that begins at the end of all numbers", 2, new GroupMetadata([Chunk with { DataPageOffset = long.MaxValue }], 2)),
        Groups("a column that begins in its second byte", 2, new GroupMetadata([Chunk with { DataPageOffset = 5, CompressedSize = Page.Length - 1 }], 2)),
        Groups("a column of a negative size", 2, new GroupMetadata([Chunk with { CompressedSize = -1 }], 2)),
        Groups("a column of no bytes", 2, new GroupMetadata([Chunk with { CompressedSize = 0 }], 2)),
        Groups("a column longer than the file", 2, new GroupMetadata([Chunk with { CompressedSize = long.MaxValue }], 2)),
        Groups("a column that reaches into the footer", 2, new GroupMetadata([Chunk with { CompressedSize = Page.Length + 1 }], 2)),
        Groups("a column that ends inside its page", 2, new GroupMetadata([Chunk with { CompressedSize = Page.Length - 1 }], 2)),
        Groups("a dictionary that lies behind the pages", 2, new GroupMetadata([Chunk with { DictionaryPageOffset = 1 << 20 }], 2), isRefused: false),
        Groups("a dictionary at no place", 2, new GroupMetadata([Chunk with { DictionaryPageOffset = 0 }], 2), isRefused: false),
        Groups("two groups that share their bytes", 4, new GroupMetadata([Chunk], 2), new GroupMetadata([Chunk], 2)),
        new("two columns that share their bytes", path => HandMadeFile.Write(
            path, [Root with { ChildCount = 2 }, Ints, Ints with { Name = "at" }], [new GroupMetadata([Chunk, Chunk with { Path = "at" }], 2)], 2, Page)),
        new("a thousand groups that share a page", path => HandMadeFile.Write(
            path, [Root, Ints], [.. Enumerable.Repeat(new GroupMetadata([Chunk], 2), 1000)], 2000, Page)),
        new("two columns of one name", path => HandMadeFile.Write(path, [Root with { ChildCount = 2 }, Ints, Ints], [], 0, [])),
        Statistics("statistics that are no numbers", BitConverter.GetBytes(float.NaN), BitConverter.GetBytes(float.NaN), 0),
        Statistics("statistics the wrong way round", [9, 0, 0, 0], [1, 0, 0, 0], 0),
        Statistics("statistics of another width", [1], new byte[99], 0),
        Statistics("statistics of no bytes", [], [], 0),
        Statistics("a negative number of nulls", [1, 0, 0, 0], [2, 0, 0, 0], -1),
        Statistics("more nulls than rows", [1, 0, 0, 0], [2, 0, 0, 0], long.MaxValue),
    ];

    static Defect Schema(string name, params IReadOnlyList<SchemaElement> schema) =>
        new(name, path => HandMadeFile.Write(path, schema, [new GroupMetadata([Chunk], 2)], 2, Page));

    static Defect Groups(string name, long rows, params IReadOnlyList<GroupMetadata> groups) => Groups(name, rows, groups, true);

    static Defect Groups(string name, long rows, GroupMetadata group, bool isRefused) => Groups(name, rows, [group], isRefused);

    static Defect Groups(string name, long rows, IReadOnlyList<GroupMetadata> groups, bool isRefused) =>
        new(name, path => HandMadeFile.Write(path, [Root, Ints], groups, rows, Page), isRefused);

    /// <summary>They say which groups need not be read; the values are what they are.</summary>
    static Defect Statistics(string name, byte[] min, byte[] max, long nulls) =>
        Groups(name, 2, new GroupMetadata([Chunk with { Statistics = new ColumnStatistics(nulls, min, max) }], 2), isRefused: false);
}
