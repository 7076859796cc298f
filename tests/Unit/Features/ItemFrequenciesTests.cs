using Pipeline.Features;
using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Unit.Features;

public sealed class ItemFrequenciesTests : IDisposable
{
    readonly StageHarness harness = new();

    public void Dispose() => harness.Dispose();

    [Fact]
    public void Frequencies_read_back_as_they_were_written()
    {
        var output = harness.Output(FeatureArtifacts.Negatives, 1);
        ItemFrequencies.Of([2, 0, 2, 2], itemCount: 4).Write(output);

        var read = ItemFrequencies.Read(harness.Add(output));

        Assert.Equal([1, 0, 3, 0], read.Counts);
        Assert.Equal(4, read.Total);
    }

    [Theory]
    [InlineData(0, 2, 5, 5, "row 1 is of item 2; expected item 1")]
    [InlineData(0, 1, 5, -1, "Item 1 is counted -1 times")]
    [InlineData(0, 1, 0, 0, "No item is counted")]
    public void Rows_that_are_no_frequencies_are_refused(int item0, int item1, int count0, int count1, string expected)
    {
        var output = harness.Output(FeatureArtifacts.Negatives, 1);
        using (var writer = new TableWriter(output, new TableSchema(new("item", ColumnType.Int32), new("count", ColumnType.Int64))))
        {
            foreach (var (item, count) in new[] { (item0, count0), (item1, count1) })
            {
                writer.Rows.Values<int>("item").Add(item);
                writer.Rows.Values<long>("count").Add(count);
                writer.EndRow();
            }

            writer.Finish();
        }

        var error = Assert.Throws<PipelineException>(() => ItemFrequencies.Read(harness.Add(output)));

        Assert.Equal(ExitCode.InputMissing, error.Code);
        Assert.Contains(expected, error.Message);
    }
}
