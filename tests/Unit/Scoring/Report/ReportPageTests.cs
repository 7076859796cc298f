using System.Text.RegularExpressions;
using System.Xml.Linq;
using Pipeline.Scoring.Report;

namespace Pipeline.Unit.Scoring.Report;

public sealed class ReportPageTests
{
    [Fact]
    public void Names_are_text_and_never_markup()
    {
        var page = ReportPage.Write(SampleResults.Of("<script>alert(1)</script>", 1, false, "\"><img src=x onerror=alert(2)>", "a&b"));

        Assert.DoesNotContain("<script", page);
        Assert.DoesNotContain("<img", page);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", page);
        Assert.Contains("a&amp;b", page);
    }

    [Fact]
    public void The_page_is_well_formed_and_asks_nothing_of_the_outside()
    {
        var page = ReportPage.Write(SampleResults.Of());

        // HTML's empty elements have no end tag; nothing else keeps the page from being XML.
        var xml = XDocument.Parse(Regex.Replace(page, "<(meta|br)([^>]*)>", "<$1$2/>"));
        Assert.DoesNotContain(xml.Descendants(), element => element.Name.LocalName is "script" or "link" or "img" or "iframe" or "object");
        Assert.DoesNotContain(xml.Descendants().Attributes(), attribute => attribute.Name.LocalName is "href" or "src" or "srcset" or "action");
        Assert.DoesNotContain("url(", page);
        Assert.DoesNotContain("@import", page);
    }

    [Fact]
    public void Tables_and_charts_can_be_read_without_seeing_them()
    {
        var page = ReportPage.Write(SampleResults.Of());
        var xml = XDocument.Parse(Regex.Replace(page, "<(meta|br)([^>]*)>", "<$1$2/>"));

        Assert.All(xml.Descendants("table"), table => Assert.Equal("caption", table.Elements().First().Name));
        Assert.All(xml.Descendants("th"), header => Assert.Contains(header.Attribute("scope")?.Value, new[] { "col", "row" }));
        var charts = xml.Descendants("svg").Where(svg => svg.Attribute("role")?.Value == "img").ToList();
        // Three hit rates through training and the likes by item.
        Assert.Equal(4, charts.Count);
        Assert.All(charts, chart =>
        {
            Assert.Equal(["title", "desc"], chart.Elements().Take(2).Select(element => element.Name.LocalName));
            Assert.Contains(chart.Parent!.Elements("details").Descendants("table"), _ => true);
        });
        Assert.Equal(xml.Descendants().Attributes("id").Count(), xml.Descendants().Attributes("id").Select(id => id.Value).Distinct().Count());
    }

    [Theory]
    [InlineData(true, "GENERATED DATA", "REAL DATA")]
    [InlineData(false, "REAL DATA", "GENERATED DATA")]
    public void The_page_says_whether_data_are_real(bool isSynthetic, string says, string hides)
    {
        var page = ReportPage.Write(SampleResults.Of(isSynthetic: isSynthetic));

        Assert.Contains(says, page);
        Assert.DoesNotContain(hides, page);
    }

    [Fact]
    public void Findings_follow_from_the_numbers()
    {
        var findings = Findings.Of(SampleResults.Of());

        Assert.Contains(findings, text => text.StartsWith("1 of 2 runs of FT-Mamba died: seed 2 (all scores are equal).", StringComparison.Ordinal));
        Assert.Contains(findings, text => text.StartsWith("P@5: FT-Mamba has", StringComparison.Ordinal) && text.EndsWith("FT-Mamba is ahead.", StringComparison.Ordinal));
        Assert.Contains(findings, text => text.StartsWith("P@5: of the way from popularity", StringComparison.Ordinal));
        Assert.Contains(findings, text => text.StartsWith("Of the 9 values that the paper prints for FT-Transformer", StringComparison.Ordinal));
    }

    [Fact]
    public void The_same_results_give_the_same_page() => Assert.Equal(ReportPage.Write(SampleResults.Of()), ReportPage.Write(SampleResults.Of()));
}
