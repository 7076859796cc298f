using System.Text.RegularExpressions;
using System.Xml.Linq;
using Pipeline.Scoring.Report;

namespace Pipeline.Unit.Scoring.Report;

public sealed class ReportPageTests
{
    [Fact]
    public void Names_are_text_and_never_markup()
    {
        var page = ReportPage.Write(SampleResults.Of("<script>alert(1)</script>", 1, false, false, false, "\"><img src=x onerror=alert(2)>", "a&b"));

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

        Assert.Contains(findings, text => text == "1 of 2 runs of FT-Mamba died: seed 2 (all scores are equal). It is part of every number here.");
        Assert.Contains(findings, text => text.StartsWith("Against FT-Transformer, FT-Mamba raises P@5 by 0.", StringComparison.Ordinal));
        Assert.Contains(findings, text => text.StartsWith("Against popularity, FT-Mamba raises P@5 by 0.", StringComparison.Ordinal)
            && text.Contains(" and HR@1 by 0.") && !text.Contains("lowers") && !text.Contains("not told"));
        Assert.Contains(findings, text => text.StartsWith("Of the way from popularity to the ceiling, FT-Mamba goes ", StringComparison.Ordinal) && text.Contains(" by P@5 ("));
        Assert.Contains(findings, text => text.StartsWith("Of the 9 values that the paper prints for FT-Transformer", StringComparison.Ordinal));
    }

    [Fact]
    public void The_strongest_baseline_is_named_where_it_is_not_popularity()
    {
        // The random list of the sample is made the better one by naming it popularity.
        var results = SampleResults.Of("spotify", 2, false, false, false, "mamba", "transformer");
        var swapped = results with { Baselines = [.. results.Baselines.Where(baseline => baseline.Id != "popularity")] };

        Assert.Equal("popularity", ComparisonFindings.Strongest(results.Evaluation, results.Baselines, "P@5"));
        Assert.DoesNotContain(Findings.Of(results), text => text.StartsWith("Where another", StringComparison.Ordinal));
        Assert.Contains(Findings.Of(swapped), text => text.StartsWith("Where another baseline is stronger, FT-Mamba raises P@5 by ", StringComparison.Ordinal) && text.Contains(", random)"));
    }

    [Fact]
    public void What_a_tower_takes_away_is_said_so_and_no_amount_has_a_sign()
    {
        var results = SampleResults.Of();
        PairedTest Test(int metric, double value, double low, double high, double pHolm) =>
            new(new Comparison("mamba", "popularity", Headline.Of("spotify")[metric]), new(value, low, high), pHolm, pHolm);

        Assert.Equal(
            "It raises P@5 by 0.012 (0.004 to 0.020); it lowers R@10 by 0.080 (0.060 to 0.100) and P@10 by less than 0.001 (0.000 to 0.001); "
            + "it is not told apart by HR@1 (0.000, -0.010 to +0.012).",
            ComparisonFindings.Sentence(
                results,
                "It ",
                [Test(0, 0.012, 0.004, 0.02, 0.01), Test(2, -0.08, -0.1, -0.06, 0.01), Test(1, -0.0004, -0.0007, -0.0001, 0.01), Test(3, 0, -0.01, 0.012, 1)],
                namesOther: false));
        // An interval that leaves 0 out tells nothing where the corrected p does not.
        Assert.Equal("It is not told apart by P@5 (-0.080, -0.100 to -0.060, popularity).", ComparisonFindings.Sentence(
            results, "It ", [Test(0, -0.08, -0.1, -0.06, 0.06)], namesOther: true));
    }

    [Theory]
    [InlineData(0.5, 0.4, 0.6, "50.0\u00a0% by P@5 (40.0\u00a0% to 60.0\u00a0%)")]
    [InlineData(-0.12, -0.15, -0.09, "12.0\u00a0% in the wrong direction by P@5 (9.0\u00a0% to 15.0\u00a0%)")]
    [InlineData(-0.03, -0.08, 0.02, "-3.0\u00a0% by P@5 (-8.0\u00a0% to 2.0\u00a0%, perhaps none)")]
    public void The_way_to_the_ceiling_may_lead_back(double share, double low, double high, string expected) =>
        Assert.Equal(expected, Findings.Way("P@5", new(share, low, high)));

    [Fact]
    public void One_thing_is_not_several()
    {
        Assert.Equal("2 lie inside our interval, 1 lies above it and none lies below it", Findings.Places(["inside", "above", "inside"]));
        Assert.Contains("The only run of FT-Mamba died: seed 2 (all scores are equal). It is part of every number here.", Findings.Of(SampleResults.Of(seeds: 1)));
        Assert.Equal(("less than 0.001", "0.000", "0.080"), (Numbers.Amount(0.0004, 3), Numbers.Amount(0, 3), Numbers.Amount(0.08, 3)));
    }

    [Fact]
    public void Who_counts_is_said_once_whether_seeds_share_their_test_users_or_not()
    {
        Assert.Equal("2 seeds; 114 test users counted, all seeds together, 6 left out, who like nothing.", SampleText.Of(SampleResults.Of()));
        Assert.Equal("2 seeds, which all test the same users: 57 counted, 3 left out, who like nothing.", SampleText.Of(SampleResults.Of(sharesUsers: true)));
        Assert.Equal("1 seed; 57 test users counted, 3 left out, who like nothing in the catalogue.", SampleText.Of(SampleResults.Of(seeds: 1, hasElsewhere: true)));
        Assert.Contains("of seeds and of users, who are the same in every seed", ReportPage.Write(SampleResults.Of(sharesUsers: true)));
        Assert.Contains("of seeds and, within them, of users", ReportPage.Write(SampleResults.Of()));
    }

    [Fact]
    public void The_page_names_what_drew_the_test_users() => Assert.Contains(
        "set apart by <code>spotify/pairs</code> with the options <code>{&quot;testUsers&quot;:60}</code>", ReportPage.Write(SampleResults.Of()));

    [Fact]
    public void Groups_stand_in_a_table_each_with_the_towers_beside_the_strongest_baseline()
    {
        var page = ReportPage.Write(SampleResults.Of());

        Assert.Contains("NDCG@10, by how many items of the catalogue the test user likes.", page);
        Assert.Contains("<th scope=\"row\">1 to 4 items</th>", page);
        Assert.Contains("<th scope=\"row\">head</th>", page);
        Assert.Contains("The strongest baseline by NDCG@10 is popularity.", page);
        Assert.DoesNotContain("For whom", ReportPage.Write(SampleResults.Of() with { Breakdowns = [] }));
    }

    [Fact]
    public void A_list_that_is_popularity_for_everyone_is_named() => Assert.Contains(
        "Last purchases is popularity here: no test user's list differs between the two.", Findings.Of(SampleResults.Of() with { SameAsPopularity = ["last-purchases"] }));

    [Fact]
    public void A_printed_value_that_its_own_row_forbids_is_named()
    {
        var findings = Findings.Of(SampleResults.Of("hm"));

        // Worked out apart from this program: dividing by 12 always, the rows force 0.0427 and 0.0433.
        Assert.Contains(findings, text => text.StartsWith("The paper's MAP@12 of FT-Mamba, 0.0342, contradicts its own row", StringComparison.Ordinal) && text.Contains("at least 0.0427"));
        Assert.Contains(findings, text => text.StartsWith("The paper's MAP@12 of FT-Transformer, 0.0335,", StringComparison.Ordinal) && text.Contains("at least 0.0433"));
        Assert.DoesNotContain(Findings.Of(SampleResults.Of("spotify")), text => text.Contains("contradicts"));
    }

    [Fact]
    public void A_label_stands_beside_the_name()
    {
        var page = ReportPage.Write(SampleResults.Of() with { Label = "0.1 % sample" });

        Assert.Contains("<title>spotify (0.1 % sample): evaluation", page);
        Assert.Contains("<h1>Evaluation of the dataset spotify (0.1 % sample)</h1>", page);
        Assert.Contains("Ours is of this data: 0.1 % sample.", page);
        Assert.Contains("<h1>Evaluation of the dataset spotify</h1>", ReportPage.Write(SampleResults.Of()));
    }

    [Fact]
    public void There_is_a_second_table_only_where_something_is_liked_outside_the_catalogue()
    {
        const string Title = "The same lists against everything a user liked";

        // Per seed, users 20 and 40 of 60 like nothing but items elsewhere.
        Assert.Contains("it brings in 4 test users who liked nothing else", ReportPage.Write(SampleResults.Of(hasElsewhere: true)));
        Assert.Contains(Title, ReportPage.Write(SampleResults.Of(hasElsewhere: true)));
        Assert.DoesNotContain(Title, ReportPage.Write(SampleResults.Of()));
    }

    [Fact]
    public void Every_pair_and_headline_metric_has_a_test()
    {
        var page = ReportPage.Write(SampleResults.Of());

        // Two towers: with each other, with popularity and random, not with the oracle.
        Assert.Equal(
            ["FT-Mamba − FT-Transformer", "FT-Mamba − popularity", "FT-Mamba − random", "FT-Transformer − popularity", "FT-Transformer − random"],
            Regex.Matches(page, "<th scope=\"row\">([^<]* − [^<]*)<").Select(match => match.Groups[1].Value));
        Assert.Contains("Holm&#x27;s correction for all 20 tests of this table", page);
    }

    [Fact]
    public void The_same_results_give_the_same_page() => Assert.Equal(ReportPage.Write(SampleResults.Of()), ReportPage.Write(SampleResults.Of()));
}
