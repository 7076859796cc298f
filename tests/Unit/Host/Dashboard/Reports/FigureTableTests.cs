using System.Text;
using Pipeline.Host;
using Pipeline.Host.Dashboard.Reports;

namespace Pipeline.Unit.Host.Dashboard.Reports;

public sealed class FigureTableTests
{
    [Theory]
    [InlineData("true", "57 test users, the same in each of 2 seeds")]
    [InlineData("false", "114 test users of 2 seeds")]
    public void Users_that_all_seeds_share_are_counted_once(string shares, string words)
    {
        using var folder = new TempFolder();
        folder.Write("metrics.json", $$"""
            { "synthetic": true, "sharesUsers": {{shares}},
              "rows": [ { "list": "mamba", "metric": "P", "k": 5, "value": 0.5, "low": 0.4, "high": 0.6, "users": 114, "seeds": 2 } ] }
            """);
        var text = new StringBuilder();

        FigureTable.Of(ReportFile.Read(folder.Path, "spotify"), "spotify").WriteTo(text);

        Assert.Contains($"{words}; below each mean its 95 % interval.", text.ToString());
    }
}
