using Pipeline.Scoring.Identities;

namespace Pipeline.Unit.Scoring.Identities;

public sealed class MetricHeaderTests
{
    [Theory]
    [InlineData("HR@10", "HR@10", false)]
    [InlineData("hr_10", "HR@10", false)]
    [InlineData("**Recall@5** \u2191", "R@5", false)]
    [InlineData("Hit Ratio@1", "HR@1", false)]
    [InlineData("P@5 (%)", "P@5", true)]
    [InlineData("ndcg@20%", "NDCG@20", true)]
    [InlineData("MAP12", "MAP@12", false)]
    public void A_header_names_a_metric(string header, string metric, bool isPercent)
    {
        var parsed = MetricHeader.Parse(header)!;

        Assert.Equal((metric, isPercent), ($"{parsed.Metric}", parsed.IsPercent));
    }

    [Theory]
    [InlineData("P1")]
    [InlineData("MRR")]
    [InlineData("AUC@5")]
    [InlineData("HR@0")]
    [InlineData("HR@1001")]
    public void Any_other_header_is_no_metrics(string header) => Assert.Null(MetricHeader.Parse(header));

    [Theory]
    [InlineData("**.985**", 0.985, 0.0005)]
    [InlineData("98.5%", 0.985, 0.0005)]
    [InlineData("0.98 ± 0.01", 0.98, 0.005)]
    [InlineData("9.85e-1", 0.985, 0.0005)]
    public void The_decimals_of_a_cell_tell_what_rounding_hides(string cell, double value, double halfWidth)
    {
        var parsed = PrintedNumber.Parse(cell, isPercent: false)!.Value;

        Assert.Equal((value, halfWidth), (Math.Round(parsed.Value, 12), Math.Round(parsed.HalfWidth, 12)));
    }

    [Theory]
    [InlineData("best")]
    [InlineData("0,98")]
    [InlineData("NaN")]
    [InlineData("1e99")]
    [InlineData("0.9.8")]
    public void What_is_no_number_is_not_read_as_one(string cell) => Assert.True(PrintedNumber.Parse(cell, isPercent: false) is null or { Value: > 1 });
}
