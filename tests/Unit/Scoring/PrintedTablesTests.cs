using Pipeline.Scoring;
using Pipeline.Scoring.Metrics;

namespace Pipeline.Unit.Scoring;

public sealed class PrintedTablesTests
{
    [Fact]
    public void Printed_values_are_found_by_dataset_list_and_metric()
    {
        // Table I, Spotify, Transformer: the last column; table II, 100 x 100, Mamba: the third.
        Assert.Equal(0.983, PrintedTables.Find("spotify", "transformer", "HR@10"));
        Assert.Equal(0.1281, PrintedTables.Find("vaccine-100x100", "mamba", "R@5"));
        Assert.Equal(0.0342, PrintedTables.Find("hm", "mamba", "MAP@12"));
        Assert.Null(PrintedTables.Find("spotify", "mamba", "MAP@12"));
        Assert.Null(PrintedTables.Find("mine", "mamba", "P@5"));
    }

    [Fact]
    public void Every_printed_metric_is_one_that_we_measure() =>
        Assert.Empty(PrintedTables.Of("hm", "mamba").Select(row => row.Metric).Except(AllMetrics.List.Select(metric => metric.Name)));

    [Theory]
    [InlineData("spotify")]
    [InlineData("hm")]
    [InlineData("vaccine-25x25")]
    [InlineData("vaccine-25x50")]
    [InlineData("vaccine-25x100")]
    [InlineData("vaccine-50x50")]
    [InlineData("vaccine-50x100")]
    [InlineData("vaccine-100x100")]
    public void Printed_rows_obey_what_rows_of_means_obey(string dataset)
    {
        foreach (var tower in new[] { "mamba", "transformer" })
        {
            double Of(string metric) => PrintedTables.Find(dataset, tower, metric)!.Value;

            // Catches a value typed into the wrong column. Half of the last printed digit is what rounding may hide, ten times that for 10 P@10.
            Assert.True(10 * Of("P@10") >= 5 * Of("P@5") - 0.005);
            Assert.True(Of("R@10") >= Of("R@5"));
            Assert.True(Of("MRR@10") >= Of("MRR@5"));
            Assert.True(Of("HR@10") >= Of("HR@5") && Of("HR@5") >= Of("HR@1"));
            Assert.True(Of("HR@10") >= Of("R@10") && Of("HR@5") >= Of("MRR@5"));
        }
    }
}
