using Pipeline.Ingest.Parquet;
using Pipeline.Ingest.Tables;
using Pipeline.Integrations;
using Pipeline.Stages;
using Pipeline.Unit.Ingest.Parquet;

namespace Pipeline.Unit.Integrations;

/// <summary>What one library writes the other reads: every type, null pattern and codec.</summary>
public sealed class ExchangeTests : IDisposable
{
    readonly TempFolder folder = new();

    public static TheoryData<ParquetCodec, bool, bool> Ways
    {
        get
        {
            var ways = new TheoryData<ParquetCodec, bool, bool>();
            foreach (var codec in Enum.GetValues<ParquetCodec>())
            {
                foreach (var (useDictionary, isOursFirst) in new[] { (true, true), (true, false), (false, true), (false, false) })
                {
                    ways.Add(codec, useDictionary, isOursFirst);
                }
            }

            return ways;
        }
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_file_of_one_is_read_by_the_other(ParquetCodec codec, bool useDictionary, bool isOursFirst)
    {
        ITableFormat theirs = new ParquetNetFormat();
        var (writes, reads) = isOursFirst ? (TableFormat.Own, theirs) : (theirs, TableFormat.Own);
        foreach (var rows in (int[])[0, 1, 9, 1000])
        {
            var table = SampleTables.Make(SampleTables.Schema, rows, distinct: 40);
            using (var writer = writes.Create(folder.File("table.parquet"), table.Schema, new ParquetOptions { Codec = codec, UseDictionary = useDictionary, RowsPerGroup = 300 }))
            {
                writer.Write(table);
                writer.Finish();
            }

            using var reader = reads.Open(folder.File("table.parquet"));
            var all = new RowGroup(reader.Schema);
            for (var group = 0; group < reader.GroupCount; group++)
            {
                reader.ReadInto(all, group);
            }

            SampleTables.AssertEqual(table, all);
        }
    }

    [Fact]
    public void A_file_that_is_missing_or_damaged_is_named()
    {
        File.WriteAllText(folder.File("table.parquet"), "PAR1 this is none PAR1");
        var format = new ParquetNetFormat();

        var missing = Assert.Throws<PipelineException>(() => format.Open(folder.File("nothing.parquet")));
        var damaged = Assert.Throws<PipelineException>(() => format.Open(folder.File("table.parquet")));

        Assert.Equal((ExitCode.InputMissing, ExitCode.InputMissing), (missing.Code, damaged.Code));
        Assert.Contains("nothing.parquet is missing", missing.Message, StringComparison.Ordinal);
        Assert.Contains("table.parquet: Parquet.Net cannot read it", damaged.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_its_end_cannot_be_read()
    {
        var table = SampleTables.Make(SampleTables.Schema, 10, distinct: 40);
        using (var writer = new ParquetNetWriter(folder.File("table.parquet"), table.Schema))
        {
            writer.Write(table);
        }

        Assert.Throws<PipelineException>(() => TableFormat.Own.Open(folder.File("table.parquet")));
        Assert.Throws<PipelineException>(() => new ParquetNetFormat().Open(folder.File("table.parquet")));
    }
}
