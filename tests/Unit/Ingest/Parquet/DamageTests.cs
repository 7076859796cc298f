using Pipeline.Ingest.Parquet;
using Pipeline.Ingest.Parquet.Metadata;
using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Unit.Ingest.Parquet;

/// <summary>A damaged file is an error that says where; nothing else, and never silence.</summary>
public sealed class DamageTests : IDisposable
{
    // Every type, required and with nulls; 40 rows of few values make dictionaries.
    static readonly TableSchema Small = new([.. SampleTables.Schema.Columns.Where(column =>
        column.Name.EndsWith("_required", StringComparison.Ordinal) || column.Name.EndsWith("_alternating", StringComparison.Ordinal))]);

    static readonly RowGroup Rows = SampleTables.Make(Small, 40, distinct: 6);

    readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(ParquetCodec.Uncompressed)]
    [InlineData(ParquetCodec.Snappy)]
    public void Any_flipped_bit_is_told_or_changes_no_value(ParquetCodec codec)
    {
        var clean = Write(codec);
        var silent = 0;

        // One bit of every byte, all eight by turns.
        for (var at = 0; at < clean.Length; at++)
        {
            if (ReadFlipped(folder.File("table.parquet"), clean, at * 8 + at % 8) is { } rows)
            {
                SampleTables.AssertEqual(Rows, rows);
                silent++;
            }
        }

        // In the header of a page, 4 or 5 bytes are harmless: names of encodings for levels that a flat column does not have, and ends
        // of structs that become fields unknown to us. A column has 2 pages at most.
        Assert.InRange(silent, 0, 2 * Small.Count * 5);
    }

    [Fact]
    public void Any_cut_is_told()
    {
        var length = Write(ParquetCodec.Snappy).Length;
        using var handle = File.OpenHandle(folder.File("table.parquet"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        while (length > 0)
        {
            RandomAccess.SetLength(handle, --length);
            Fails(folder.File("table.parquet"));
        }
    }

    [Fact]
    public void The_error_names_file_byte_and_column()
    {
        var clean = Write(ParquetCodec.Uncompressed);

        // The page begins behind the mark of 4 bytes. Its header ends with two zeros, the ends of structs; behind them are the bools.
        var bools = 4 + clean.AsSpan(4).IndexOf((byte[])[0, 0]) + 2;
        clean[bools] ^= 1;
        File.WriteAllBytes(folder.File("table.parquet"), clean);

        Assert.Equal($"{folder.File("table.parquet")}: byte 4, column 'bool_required': the page does not match its checksum. The file is damaged; make it again or fetch it again.", Fails(folder.File("table.parquet")).Message);
    }

    [Fact]
    public void A_footer_that_ends_early_is_not_an_empty_table()
    {
        // Behind the schema come the rows of the file, 16 50 for 40, and the groups. With zeros there it is a footer of no rows, no groups and no checksum.
        var clean = Write(ParquetCodec.Uncompressed);
        var start = clean.Length - 8 - BitConverter.ToInt32(clean, clean.Length - 8);
        var rows = start + clean.AsSpan(start).IndexOf((byte[])[0x16, 0x50, 0x19]);
        (clean[rows + 1], clean[rows + 2]) = (0, 0);
        File.WriteAllBytes(folder.File("table.parquet"), clean);

        Assert.Contains("bytes behind its end", Fails(folder.File("table.parquet")).Message);
    }

    [Fact]
    public void A_file_of_ours_whose_footer_has_lost_its_checksum_is_told()
    {
        var clean = Write(ParquetCodec.Uncompressed);
        clean[clean.AsSpan().LastIndexOf("pipeline.footer.crc32"u8)] = (byte)'q';
        File.WriteAllBytes(folder.File("table.parquet"), clean);

        Assert.Contains("expected nothing", Fails(folder.File("table.parquet")).Message);
    }

    [Fact]
    public void A_page_in_an_encoding_that_the_footer_does_not_name_is_told()
    {
        // Numbers that are all different have no dictionary. Split into streams of bytes they have the same length, the same checksum and other values.
        var schema = new TableSchema(new Column("it", ColumnType.Double));
        var numbers = new RowGroup(schema);
        for (var row = 0; row < 40; row++)
        {
            numbers.Values<double>("it").Add(row / 7.0);
        }

        using (var writer = new ParquetWriter(folder.File("table.parquet"), schema, new ParquetOptions { Codec = ParquetCodec.Uncompressed }))
        {
            writer.Write(numbers);
            writer.Finish();
        }

        // In the header: 40 values, 15 50; then the encoding, 15 00. 18 is twice 9.
        var bytes = File.ReadAllBytes(folder.File("table.parquet"));
        bytes[4 + bytes.AsSpan(4).IndexOf((byte[])[0x15, 0x50, 0x15, 0x00]) + 3] = 18;
        File.WriteAllBytes(folder.File("table.parquet"), bytes);

        Assert.Contains("a page is encoded as ByteStreamSplit; the footer has Plain", Fails(folder.File("table.parquet")).Message);
    }

    [Fact]
    public void A_missing_file_is_told() => Assert.Equal($"{folder.File("none")} is missing.", Fails(folder.File("none")).Message);

    [Fact]
    public void A_file_of_another_kind_is_told()
    {
        File.WriteAllText(folder.File("table.parquet"), "id,name\n1,one\n2,two\n");

        Assert.Contains("byte 0, footer: the mark PAR1 is not there", Fails(folder.File("table.parquet")).Message);
    }

    [Fact]
    public void Claims_of_a_header_take_no_memory()
    {
        // Values that never follow: of a page, of runs, of a dictionary, of deltas. 100 million would be 400 MB.
        const int Many = 100_000_000;
        byte[] many = [0x80, 0xc2, 0xd7, 0x2f];
        var column = HandMadeFile.Optional(PhysicalType.Int32);
        byte[][][] files =
        [
            [HandMadeFile.DataPage(Many, PageEncoding.Plain, 2, 0, 0, 0, 0x06, 1)],
            [HandMadeFile.DataPage(Many, PageEncoding.Plain, 2, 0, 0, 0, 0xc8, 1)],
            [HandMadeFile.DictionaryPage(Many, 1, 0, 0, 0)],
            [HandMadeFile.Page(PageKind.Data, 5, Many, Many, PageEncoding.Plain, [2, 0, 0, 0, 0x06, 1])],
        ];
        foreach (var pages in files)
        {
            HandMadeFile.Write(folder.File("table.parquet"), column, Many, pages);
            AssertCheap(() => Fails(folder.File("table.parquet")));
        }

        HandMadeFile.Write(folder.File("table.parquet"), HandMadeFile.Required(PhysicalType.Int32), Many, HandMadeFile.DataPage(Many, PageEncoding.DeltaBinaryPacked, [0x80, 0x01, 0x04, .. many, 0x0e, 0x03, 2, 0, 0, 0]));
        AssertCheap(() => Fails(folder.File("table.parquet")));
    }

    [Fact]
    public void Text_that_is_not_UTF_8_is_told()
    {
        // Two bytes of é, cut between two values: together they are valid, each is not.
        HandMadeFile.Write(folder.File("table.parquet"), HandMadeFile.Text, 2, HandMadeFile.DataPage(2, PageEncoding.Plain, 1, 0, 0, 0, 0xc3, 1, 0, 0, 0, 0xa9));

        Assert.Contains("its value 0 is not valid UTF-8", Fails(folder.File("table.parquet")).Message);
    }

    /// <summary>Reads a file with one bit flipped, which is flipped back afterwards.</summary>
    /// <returns>The rows, or null if our error came; any other fails the test.</returns>
    internal static RowGroup? ReadFlipped(string file, byte[] clean, int bit)
    {
        // One byte in place: thousands of whole files would take a minute.
        using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.Write(handle, [(byte)(clean[bit / 8] ^ 1 << bit % 8)], bit / 8);
        try
        {
            return ReadAll(file);
        }
        catch (PipelineException error)
        {
            Assert.Equal(ExitCode.InputMissing, error.Code);
            Assert.StartsWith($"{file}: ", error.Message);
            return null;
        }
        finally
        {
            RandomAccess.Write(handle, [clean[bit / 8]], bit / 8);
        }
    }

    internal static PipelineException Fails(string file)
    {
        var error = Assert.Throws<PipelineException>(() => ReadAll(file));
        Assert.Equal(ExitCode.InputMissing, error.Code);
        return error;
    }

    static void AssertCheap(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
    }

    internal static RowGroup ReadAll(string file)
    {
        using var reader = new ParquetReader(file);
        var rows = new RowGroup(reader.Schema);
        for (var group = 0; group < reader.GroupCount; group++)
        {
            reader.ReadInto(rows, group);
        }

        return rows;
    }

    byte[] Write(ParquetCodec codec)
    {
        using var writer = new ParquetWriter(folder.File("table.parquet"), Small, new ParquetOptions { Codec = codec });
        writer.Write(Rows);
        writer.Finish();
        return File.ReadAllBytes(folder.File("table.parquet"));
    }
}
