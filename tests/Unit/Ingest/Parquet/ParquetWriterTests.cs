using Pipeline.Ingest.Parquet;
using Pipeline.Ingest.Tables;

namespace Pipeline.Unit.Ingest.Parquet;

public sealed class ParquetWriterTests : IDisposable
{
    static readonly TableSchema Schema = new(new Column("id", ColumnType.String), new Column("price", ColumnType.Double, IsOptional: true));

    readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_dictionary_is_written_only_where_it_is_smaller()
    {
        // 1,000 texts of which 10 differ; 1,000 prices that all differ.
        var rows = Rows(1000, 10);
        var with = Size(rows, new ParquetOptions { Codec = ParquetCodec.Uncompressed });
        var without = Size(rows, new ParquetOptions { Codec = ParquetCodec.Uncompressed, UseDictionary = false });

        // Ids: 6 bytes and 4 of length each, or 10 such entries and 4 bits each: 10,000 - 100 - 500. Prices are the same.
        Assert.InRange(without - with, 9300, 9500);
    }

    [Fact]
    public void Memory_does_not_grow_with_groups()
    {
        var rows = Rows(2000, 100);
        using var writer = new ParquetWriter(folder.File("table.parquet"), Schema);
        writer.Write(rows);
        writer.Write(rows);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            writer.Write(rows);
        }

        // The footer's notes of a group and the headers of its pages: some hundred bytes each. The rows of a group are 36 kB.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 100, 0, 8_000);
    }

    [Fact]
    public void No_rows_write_no_group()
    {
        using var writer = new ParquetWriter(folder.File("table.parquet"), Schema);
        writer.Write(new RowGroup(Schema));
        writer.Finish();
        using var reader = new ParquetReader(folder.File("table.parquet"));

        Assert.Equal((0, 0L), (reader.GroupCount, reader.RowCount));
    }

    [Fact]
    public void Columns_of_different_lengths_are_refused()
    {
        var rows = Rows(3, 3);
        rows.Strings("id").Add("one more");
        using var writer = new ParquetWriter(folder.File("table.parquet"), Schema);

        Assert.StartsWith("Column 'price' has 3 rows, but 'id' has 4.", Assert.Throws<ArgumentException>(() => writer.Write(rows)).Message);
    }

    [Fact]
    public void Rows_of_another_schema_are_refused()
    {
        using var writer = new ParquetWriter(folder.File("table.parquet"), Schema);

        Assert.Throws<ArgumentException>(() => writer.Write(new RowGroup(new TableSchema(new Column("id", ColumnType.String)))));
    }

    [Fact]
    public void Text_that_is_not_UTF_8_is_refused()
    {
        var rows = Rows(2, 2);
        rows.Strings("id").Add([0xff]);
        rows.Columns[1].AddNull();
        using var writer = new ParquetWriter(folder.File("table.parquet"), Schema);

        Assert.Equal("Column 'id': row 2 is not valid UTF-8.", Assert.Throws<ArgumentException>(() => writer.Write(rows)).Message);
    }

    [Fact]
    public void A_file_without_its_footer_cannot_be_read()
    {
        using (var writer = new ParquetWriter(folder.File("table.parquet"), Schema))
        {
            writer.Write(Rows(10, 10));
        }

        DamageTests.Fails(folder.File("table.parquet"));
    }

    static RowGroup Rows(int count, int distinct)
    {
        var rows = new RowGroup(Schema);
        for (var i = 0; i < count; i++)
        {
            rows.Strings("id").Add($"id {i % distinct:000}");
            rows.Values<double>("price").Add(i / 7.0);
        }

        return rows;
    }

    long Size(RowGroup rows, ParquetOptions options)
    {
        using var writer = new ParquetWriter(folder.File("table.parquet"), rows.Schema, options);
        writer.Write(rows);
        writer.Finish();
        return new FileInfo(folder.File("table.parquet")).Length;
    }
}
