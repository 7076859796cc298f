using Pipeline.Ingest.Parquet;
using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Unit.Ingest.Parquet;

/// <summary>What is written is read again, for every type and null pattern.</summary>
public sealed class RoundTripTests : IDisposable
{
    readonly TempFolder folder = new();

    public static TheoryData<ParquetCodec, bool> Ways
    {
        get
        {
            var ways = new TheoryData<ParquetCodec, bool>();
            foreach (var codec in Enum.GetValues<ParquetCodec>())
            {
                ways.Add(codec, true);
                ways.Add(codec, false);
            }

            return ways;
        }
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Ways))]
    public void Every_type_and_null_pattern_comes_back_for_any_number_of_rows(ParquetCodec codec, bool useDictionary)
    {
        foreach (var rows in (int[])[0, 1, 7, 8, 9, 1000])
        {
            var table = SampleTables.Make(SampleTables.Schema, rows, distinct: 40);
            Write(table, new ParquetOptions { Codec = codec, UseDictionary = useDictionary });

            SampleTables.AssertEqual(table, ReadAll());
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Many_groups_of_many_small_pages_come_back(ParquetCodec codec, bool useDictionary)
    {
        var table = SampleTables.Make(SampleTables.Schema, 1000, distinct: 500);

        // 3 groups of 300 and one of 100 rows; a page holds 25 floats or a text longer than it.
        Write(table, new ParquetOptions { Codec = codec, UseDictionary = useDictionary, RowsPerGroup = 300, PageBytes = 100 });

        using var reader = new ParquetReader(folder.File("table.parquet"));
        Assert.Equal(4, reader.GroupCount);
        SampleTables.AssertEqual(table, ReadAll());
    }

    [Fact]
    public void Columns_are_read_in_the_order_asked_for()
    {
        var table = SampleTables.Make(SampleTables.Schema, 10, distinct: 40);
        Write(table, new ParquetOptions());
        using var reader = new ParquetReader(folder.File("table.parquet"));

        var rows = reader.Read(0, ["string_none", "bool_all"]);

        Assert.Equal(["string_none", "bool_all"], rows.Schema.Columns.Select(column => column.Name));
        Assert.Equal(table.Strings("string_none").Text(9), rows.Strings("string_none").Text(9));
        Assert.Equal(10, rows.Values<bool>("bool_all").NullCount);
    }

    [Fact]
    public void Same_rows_and_options_give_the_same_bytes()
    {
        Write(SampleTables.Make(SampleTables.Schema, 500, distinct: 40), new ParquetOptions());
        var first = File.ReadAllBytes(folder.File("table.parquet"));

        Write(SampleTables.Make(SampleTables.Schema, 500, distinct: 40), new ParquetOptions());

        Assert.Equal(first, File.ReadAllBytes(folder.File("table.parquet")));
    }

    void Write(RowGroup table, ParquetOptions options)
    {
        using var writer = new ParquetWriter(folder.File("table.parquet"), table.Schema, options);
        writer.Write(table);
        writer.Finish();
        Assert.Equal(table.Count, writer.RowCount);
    }

    [Fact]
    public void Rows_of_another_type_than_the_file_has_are_refused()
    {
        var table = new RowGroup(new TableSchema(new Column("it", ColumnType.Int32)));
        table.Values<int>("it").Add(7);
        Write(table, new ParquetOptions());
        using var reader = new ParquetReader(folder.File("table.parquet"));
        var others = new RowGroup(new TableSchema(new Column("it", ColumnType.Date)));

        Assert.Contains("found Column { Name = it, Type = Int32", Assert.Throws<PipelineException>(() => reader.ReadInto(others, 0)).Message);
    }

    RowGroup ReadAll()
    {
        using var reader = new ParquetReader(folder.File("table.parquet"));
        var all = new RowGroup(reader.Schema);
        for (var group = 0; group < reader.GroupCount; group++)
        {
            reader.ReadInto(all, group);
        }

        Assert.Equal(all.Count, reader.RowCount);
        return all;
    }
}
