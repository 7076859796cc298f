using Pipeline.Scoring.Statistics;

namespace Pipeline.Scoring.Report;

/// <summary>Which differences are more than chance: a row per pair of lists, a column per headline metric.</summary>
static class TestTable
{
    public static Element Of(Results results)
    {
        var head = new Element("tr") { new Element("th") { ("scope", "col"), "Difference" } };
        foreach (var metric in Headline.Of(results.Dataset))
        {
            head.Add(new Element("th") { ("scope", "col"), metric.Name });
        }

        var body = new Element("tbody");
        foreach (var pair in results.Evaluation.Tests.GroupBy(test => (test.Comparison.List, test.Comparison.Other)))
        {
            var row = new Element("tr") { new Element("th") { ("scope", "row"), $"{Titles.Of(pair.Key.List)} − {Titles.Within(pair.Key.Other)}" } };
            foreach (var test in pair)
            {
                row.Add(Cell(test, PrintedTables.Decimals(results.Dataset)));
            }

            body.Add(row);
        }

        var table = new Element("table") { ("class", "main"), new Element("caption") { Caption(results) }, new Element("thead") { head }, body };
        return HtmlPage.Section("Is it more than chance?", new Element("div") { ("class", "scroll"), table });
    }

    static string Caption(Results results)
    {
        var count = results.Evaluation.Tests.Count;
        return "Differences for the same users, with their 95 % interval and the p-value of a paired two-sided test; in brackets p after Holm's correction for all "
            + $"{Numbers.Of(count, "test")} of this table. Bold: the interval leaves 0 out and the corrected p is at most 0.05. The test gives users' differences "
            + $"random signs {Numbers.Count(SignFlipTest.Flips)} times, so no p is below {Numbers.P(1.0 / (1 + SignFlipTest.Flips))} (corrected: "
            + $"{Numbers.P(Math.Min(1, (double)count / (1 + SignFlipTest.Flips)))}). It speaks of these models as trained"
            + (results.Seeds > 1 ? "; chance among trainings is in the intervals alone." : "; whether another training would give the same it does not know.");
    }

    static Element Cell(PairedTest test, int decimals)
    {
        var value = Numbers.Signed(test.Difference.Value, decimals);
        return new Element("td")
        {
            new Element("span") { ("class", "value"), test.Verdict != 0 ? new Element("strong") { value } : value },
            new Element("span") { ("class", "range"), $"{Numbers.Signed(test.Difference.Low, decimals)} to {Numbers.Signed(test.Difference.High, decimals)}" },
            new Element("span") { ("class", "range"), $"p {Numbers.P(test.P)} ({Numbers.P(test.PHolm)})" },
        };
    }
}
