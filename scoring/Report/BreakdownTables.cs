namespace Pipeline.Scoring.Report;

/// <summary>The section that says for whom lists work and with which items: a table per breakdown.</summary>
static class BreakdownTables
{
    public static IEnumerable<Markup> Of(Results results)
    {
        if (results.Breakdowns.Count > 0)
        {
            yield return HtmlPage.Section(
                "For whom, and with which items",
                [
                    HtmlPage.Paragraph("Below each value its 95 % interval; of a tower also the difference to the baseline that is strongest by this metric, for the same users, "
                        + "in bold where its interval leaves 0 out. Nothing corrects these intervals for how many they are: they show where to look, the tests above decide."),
                    .. results.Breakdowns.Select(breakdown => Table(breakdown, PrintedTables.Decimals(results.Dataset), SampleText.SeedsOfOneSample(results.Evaluation))),
                ]);
        }
    }

    /// <param name="seedsOfOneSample">How often each user is counted.</param>
    static Element Table(Breakdown breakdown, int decimals, int seedsOfOneSample)
    {
        var head = new Element("tr") { Heading(breakdown.By == BreakdownBy.Items ? "Items" : "Users"), Heading("Test users") };
        foreach (var value in breakdown.Groups[0].Values)
        {
            head.Add(Heading(Titles.Of(value.List)));
        }

        var body = new Element("tbody");
        foreach (var group in breakdown.Groups)
        {
            var row = new Element("tr")
            {
                new Element("th") { ("scope", "row"), Label(breakdown.By, group.Group) },
                new Element("td") { new Element("span") { ("class", "value"), Numbers.Count(group.Users / seedsOfOneSample) } },
            };
            foreach (var value in group.Values)
            {
                row.Add(Cell(value, breakdown.Baseline, decimals));
            }

            body.Add(row);
        }

        var table = new Element("table") { ("class", "main groups"), new Element("caption") { Caption(breakdown) }, new Element("thead") { head }, body };
        return new Element("div") { ("class", "scroll"), table };
    }

    static Element Heading(string text) => new("th") { ("scope", "col"), text };

    static Element Cell(GroupValue value, string baseline, int decimals)
    {
        var cell = new Element("td") { new Element("span") { ("class", "value"), Numbers.Fixed(value.Interval.Value, decimals) } };
        if (double.IsNaN(value.Interval.Low))
        {
            cell.Add(new Element("span") { ("class", "range"), "too few for an interval" });
            return cell;
        }

        cell.Add(new Element("span") { ("class", "range"), Numbers.Range(value.Interval, decimals) });
        if (value.Difference is { } difference)
        {
            var text = $"{Numbers.Signed(difference.Value, decimals)} ({Numbers.Signed(difference.Low, decimals)} to {Numbers.Signed(difference.High, decimals)})";
            cell.Add(new Element("span")
            {
                ("class", "range"),
                difference.Contains(0) ? text : new Element("strong") { text },
            });
        }

        return cell;
    }

    static string Caption(Breakdown breakdown) => breakdown.By switch
    {
        BreakdownBy.Features => $"{breakdown.Metric.Name}, whether anything is known of the user. Where nothing is, every tower's list is by popularity, as the published lists are.",
        BreakdownBy.History => $"{breakdown.Metric.Name}, by how many different items of the catalogue training knows that the user took.",
        BreakdownBy.Likes => $"{breakdown.Metric.Name}, by how many items of the catalogue the test user likes. The best possible list has 1 in every row.",
        _ => $"{breakdown.Metric.Name}, by how often an item was liked or taken in what training may know. Head: the fewest items that make half of that, {breakdown.Head}; tail: all others. "
            + "Only a row's own items count, for the users who like one of them.",
    } + $" The strongest baseline by {breakdown.Metric.Name} is {Titles.Within(breakdown.Baseline)}.";

    /// <summary>"1 to 4 items", "no item", "nothing is known".</summary>
    static string Label(string by, string group) => by switch
    {
        BreakdownBy.Features => group == "known" ? "something is known" : "nothing is known",
        BreakdownBy.Items => group,
        _ => group == "0" ? "no item" : group.EndsWith('+') ? $"{group[..^1]} items or more" : $"{group.Replace("-", " to ")} items",
    };
}
