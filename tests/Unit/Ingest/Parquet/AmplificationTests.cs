using Pipeline.Ingest.Parquet;
using Pipeline.Ingest.Parquet.Metadata;

namespace Pipeline.Unit.Ingest.Parquet;

/// <summary>A small file does not take much memory or time, however much it says it holds. Found by the lab, or looked for there.</summary>
public sealed class AmplificationTests : IDisposable
{
    static readonly byte[] Page = HandMadeFile.DataPage(2, PageEncoding.Plain, 1, 0, 0, 0, 2, 0, 0, 0);

    static readonly ChunkMetadata Chunk = new() { Type = PhysicalType.Int32, Path = "it", ValueCount = 2, CompressedSize = Page.Length, DataPageOffset = 4 };

    static readonly byte[] LongText = HandMadeFile.DictionaryPage(1, [0xE8, 3, 0, 0, .. Enumerable.Repeat((byte)'a', 1000)]);

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

        Assert.Contains("it says it has 100000000 rows of 6 bytes each", DamageTests.Fails(Table).Message);
    }

    [Fact]
    public void A_group_of_more_than_2_to_the_27_rows_is_refused()
    {
        HandMadeFile.Write(Table, HandMadeFile.Required(PhysicalType.Int32), (1 << 27) + 1, Page);

        Assert.Contains("a group has 134217729 rows; up to 134217728 are supported", DamageTests.Fails(Table).Message);
    }

    [Fact]
    public void Rows_are_believed_by_all_columns_together()
    {
        // 200 columns of a million nulls each: 6 bytes a row and column make 1.2 GB out of 4 KB of pages.
        const int Count = 200;
        var page = HandMadeFile.DataPage(1_000_000, PageEncoding.Plain, 4, 0, 0, 0, 0x80, 0x89, 0x7A, 0);
        var column = HandMadeFile.Optional(PhysicalType.Int32);
        HandMadeFile.Write(
            Table,
            [new SchemaElement("root") { ChildCount = Count }, .. Enumerable.Range(0, Count).Select(at => column with { Name = $"{at}" })],
            [new GroupMetadata([.. Enumerable.Range(0, Count).Select(at => Chunk with { Path = $"{at}", ValueCount = 1_000_000, CompressedSize = page.Length, DataPageOffset = 4 + at * page.Length })], 1_000_000)],
            1_000_000,
            [.. Enumerable.Repeat(page, Count).SelectMany(bytes => bytes)]);

        Assert.Contains("it says it has 1000000 rows of 1200 bytes each", DamageTests.Fails(Table).Message);
    }

    [Fact]
    public void One_long_text_of_a_dictionary_is_not_repeated_a_million_times()
    {
        HandMadeFile.Write(Table, HandMadeFile.Text, 1_000_000, LongText, HandMadeFile.DataPage(1_000_000, PageEncoding.RleDictionary, 0, 0x80, 0x89, 0x7A));

        Assert.Contains("column 'it': it repeats texts until they are longer than", DamageTests.Fails(Table).Message);
    }

    [Fact]
    public void One_long_text_is_not_repeated_by_a_hundred_groups_either()
    {
        WriteGroups(100);

        Assert.Contains("it repeats texts", DamageTests.Fails(Table).Message);
    }

    [Fact]
    public void Text_that_repeats_takes_no_more_room_than_is_believed()
    {
        WriteGroups(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        DamageTests.Fails(Table);

        // Believed are 32 MiB and 1,024 bytes a byte. All of it once, and before that arrays that double up to half of it; an array that doubles beyond takes four times as much.
        var believed = (1 << 25) + 1024 * new FileInfo(Table).Length;
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, believed / 2, 2 * believed);
    }

    [Fact]
    public void Text_that_is_read_again_counts_once()
    {
        // Two groups of 10,000 texts of 1,000 bytes are 20 MB; each read five times, they would be 100 MB.
        WriteGroups(2);
        using var reader = new ParquetReader(Table);
        for (var again = 0; again < 5; again++)
        {
            Assert.Equal(10_000_000, reader.Read(0).Strings("it").ByteCount);
            Assert.Equal(10_000_000, reader.Read(1).Strings("it").ByteCount);
        }
    }

    [Fact]
    public void Texts_that_begin_with_the_text_before_do_not_grow_without_end()
    {
        // Starts 0 1 2 ..., as differences of 1 in no bits; lengths 1 1 1 ..., as differences of 0; 20,000 letters make 200 MB.
        byte[] starts = [0x80, 0x80, 0x40, 1, 0xA0, 0x9C, 1, 0, 2, 0], lengths = [0x80, 0x80, 0x40, 1, 0xA0, 0x9C, 1, 2, 0, 0];
        HandMadeFile.Write(Table, HandMadeFile.Text, 20_000, HandMadeFile.DataPage(20_000, PageEncoding.DeltaByteArray, [.. starts, .. lengths, .. Enumerable.Repeat((byte)'a', 20_000)]));

        Assert.Contains("it repeats texts", DamageTests.Fails(Table).Message);
    }

    [Fact]
    public void Three_million_equal_lengths_are_not_believed()
    {
        // 3,000,000 lengths of 0 as differences of 0 in three blocks of 2^20: 12 MB of ends that are believed, and 24 MB of lengths, which then are not.
        byte[] lengths = [0x80, 0x80, 0x40, 1, 0xC0, 0x8D, 0xB7, 1, 0, 0, 0, 0, 0, 0, 0];
        HandMadeFile.Write(Table, HandMadeFile.Text, 3_000_000, HandMadeFile.DataPage(3_000_000, PageEncoding.DeltaLengthByteArray, lengths));

        Assert.Contains("it repeats texts", DamageTests.Fails(Table).Message);
    }

    [Fact]
    public void A_dictionary_of_more_than_64_MiB_is_refused_without_unpacking_it()
    {
        HandMadeFile.Write(Table, HandMadeFile.Text, 2, (int)ParquetCodec.Gzip, HandMadeFile.Page(PageKind.Dictionary, 7, (1 << 26) + 1, 2, PageEncoding.Plain, [1, 2, 3]));

        Assert.Contains("a dictionary of 67108865 bytes; up to 67108864 are supported", DamageTests.Fails(Table).Message);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    [InlineData(int.MaxValue)]
    public void A_dictionary_of_more_texts_than_lengths_is_refused_without_room_for_them(int count)
    {
        HandMadeFile.Write(Table, HandMadeFile.Text, 2, HandMadeFile.DictionaryPage(count, 0, 0, 0, 0, 0, 0, 0));

        Assert.Contains($"it has a dictionary of {count} entries in 7 bytes", DamageTests.Fails(Table).Message);
    }

    [Fact]
    public void A_schema_of_more_than_65_536_columns_is_refused_before_they_are_read()
    {
        // The list says 65,537 structs; the bytes behind it would do as so many empty ones.
        byte[] footer = [0x29, 0xFC, 0x81, 0x80, 0x04, .. new byte[65_538]];
        File.WriteAllBytes(Table, [.. "PAR1"u8, .. footer, .. BitConverter.GetBytes(footer.Length), .. "PAR1"u8]);

        Assert.Contains("it has 65537 columns; up to 65536 are supported", DamageTests.Fails(Table).Message);
    }

    [Fact]
    public void A_footer_of_more_than_128_MiB_is_refused_without_reading_it()
    {
        // A hole takes no place on the disk.
        const int Size = (1 << 27) + 1;
        using (var file = File.Create(Table))
        {
            file.Write("PAR1"u8);
            file.Position = 4 + Size;
            file.Write([.. BitConverter.GetBytes(Size), .. "PAR1"u8]);
        }

        Assert.Contains("footer: it has 134217729 bytes; up to 134217728 are supported", DamageTests.Fails(Table).Message);
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

    /// <summary>Groups of 10,000 rows of one text of 1,000 bytes, so that each has 10 MB.</summary>
    void WriteGroups(int count)
    {
        byte[] pages =
        [
            .. LongText,
            .. HandMadeFile.DataPage(10_000, PageEncoding.RleDictionary, 0, 0xA0, 0x9C, 0x01),
        ];
        HandMadeFile.Write(
            Table,
            [new SchemaElement("root") { ChildCount = 1 }, HandMadeFile.Text],
            [.. Enumerable.Range(0, count).Select(group => new GroupMetadata([Chunk with { Type = PhysicalType.ByteArray, ValueCount = 10_000, CompressedSize = pages.Length, DataPageOffset = 4 + group * pages.Length }], 10_000))],
            count * 10_000,
            [.. Enumerable.Repeat(pages, count).SelectMany(page => page)]);
    }
}
