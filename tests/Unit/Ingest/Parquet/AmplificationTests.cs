using Pipeline.Ingest.Parquet;
using Pipeline.Ingest.Parquet.Metadata;

namespace Pipeline.Unit.Ingest.Parquet;

/// <summary>A small file does not take much memory or time, however much it says it holds. Found by the lab, or looked for there.</summary>
public sealed class AmplificationTests : IDisposable
{
    static readonly byte[] Page = HandMadeFile.DataPage(2, PageEncoding.Plain, 1, 0, 0, 0, 2, 0, 0, 0);

    static readonly ChunkMetadata Chunk = new() { Type = PhysicalType.Int32, Path = "it", ValueCount = 2, CompressedSize = Page.Length, DataPageOffset = 4 };

    readonly TempFolder folder = new();

    string Table => folder.File("table.parquet");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Groups_that_share_their_bytes_are_refused()
    {
        HandMadeFile.Write(Table, [new SchemaElement("root") { ChildCount = 1 }, HandMadeFile.Required(PhysicalType.Int32)], [new GroupMetadata([Chunk], 2), new GroupMetadata([Chunk], 2)], 4, Page);

        Assert.Contains("belong to another column too", DamageTests.Fails(Table).Message);
    }

    [Fact]
    public void A_hundred_million_rows_in_a_few_bytes_are_refused()
    {
        // A run of 100,000,000 nulls: twice the number as a varint, then the level 0. All counts agree.
        HandMadeFile.Write(Table, HandMadeFile.Optional(PhysicalType.Int32), 100_000_000, HandMadeFile.DataPage(100_000_000, PageEncoding.Plain, 5, 0, 0, 0, 0x80, 0x84, 0xAF, 0x5F, 0));

        Assert.Contains("at most 8192 a byte are believed", DamageTests.Fails(Table).Message);
    }

    [Fact]
    public void A_page_of_more_than_128_MiB_before_compression_is_refused_without_unpacking_it()
    {
        HandMadeFile.Write(Table, HandMadeFile.Required(PhysicalType.Int32), 2, (int)ParquetCodec.Gzip, HandMadeFile.Page(PageKind.Data, 5, (1 << 27) + 1, 2, PageEncoding.Plain, [1, 2, 3]));

        Assert.Contains("up to 134217728 are supported", DamageTests.Fails(Table).Message);
    }

    [Fact]
    public void A_page_of_nulls_with_values_is_refused()
    {
        // Levels of another kind lie before ours, as in a nested column: read as ours they say null, null, and the rest would be passed over.
        HandMadeFile.Write(Table, HandMadeFile.Optional(PhysicalType.Int32), 2, HandMadeFile.DataPage(2, PageEncoding.Plain, 2, 0, 0, 0, 0x04, 0, 2, 0, 0, 0, 0x04, 1, 1, 0, 0, 0, 2, 0, 0, 0));

        Assert.Contains("a page of nulls has 14 bytes of values", DamageTests.Fails(Table).Message);
    }

    [Fact]
    public void A_folder_for_a_file_is_told() => Assert.Contains("cannot be read", DamageTests.Fails(folder.Path).Message);
}
