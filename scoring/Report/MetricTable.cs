using Pipeline.Scoring.Metrics;
using Pipeline.Scoring.Statistics;

namespace Pipeline.Scoring.Report;

/// <summary>The main table: a row per metric, a column per list; each value with its interval, its spread over seeds and the printed value.</summary>
static class MetricTable
{
    public static Markup Of(Results results)
    {
        var lists = results.Evaluation.Lists;
        var header = new Element("tr") { new Element("th") { ("scope", "col"), "Metric" } };
        foreach (var list in lists)
        {
            header.Add(Header(results, list));
        }

        var body = new Element("tbody");
        string? previous = null;
        foreach (var metric in AllMetrics.List)
        {
            var row = new Element("tr") { new Element("th") { ("scope", "row"), metric.Name } };
            if (previous is not null && metric.Id != previous)
            {
                row.Add(("class", "first"));
            }

            previous = metric.Id;
            var best = Best(results, metric);
            foreach (var list in lists)
            {
                row.Add(Cell(results, list, metric, list == best));
            }

            body.Add(row);
        }

        var table = new Element("table") { ("class", "main"), new Element("caption") { Caption(results) }, new Element("thead") { header }, body };
        return new Element("div") { ("class", "scroll"), table };
    }

    static string Caption(Results results)
    {
        var many = results.Seeds > 1;
        return $"Mean over {Numbers.Of(results.Evaluation.Users, "test user")}{(many ? $" of {results.Seeds} seeds" : "")}, and below it the 95 % interval"
            + (many ? " over users and seeds and the standard deviation over seeds (±)" : " over users (one seed: chance among seeds is not in it)")
            + ". Where the paper prints a value, it follows, with its place: inside, above or below our interval. Bold and tinted: the higher of the towers.";
    }

    static Element Header(Results results, string list)
    {
        var header = new Element("th") { ("scope", "col"), Titles.Of(list) };
        var dead = results.DeadRuns.Count(run => run.List == list);
        if (dead > 0)
        {
            header.Add(new Element("span") { ("class", "range"), $"{dead} of {Numbers.Of(results.Seeds, "run")} dead" });
        }

        return header;
    }

    static Element Cell(Results results, string list, IMetric metric, bool isBest)
    {
        var decimals = PrintedTables.Decimals(results.Dataset);
        var measured = results.Row(list, metric.Name);
        var value = Numbers.Fixed(measured.Interval.Value, decimals);
        var cell = new Element("td")
        {
            new Element("span") { ("class", "value"), isBest ? new Element("strong") { value } : value },
            new Element("span") { ("class", "range"), Numbers.Range(measured.Interval, decimals) + Deviation(measured, decimals) },
        };
        if (isBest)
        {
            cell.Add(("class", "best"));
        }

        if (PrintedTables.Find(results.Dataset, list, metric.Name) is { } printed)
        {
            cell.Add(new Element("span")
            {
                ("class", "printed"),
                $"paper {Numbers.Fixed(printed, decimals)}, {Findings.Place(measured.Interval, printed)}",
            });
        }

        return cell;
    }

    static string Deviation(MeasuredRow measured, int decimals) =>
        Spread.Of(measured.BySeed) is { } deviation ? "; ± " + Numbers.Fixed(deviation, decimals) : "";

    /// <summary>The tower with the highest value; null if it is not alone.</summary>
    static string? Best(Results results, IMetric metric)
    {
        var values = results.Towers.Select(tower => (Tower: tower, results.Row(tower, metric.Name).Interval.Value)).OrderByDescending(pair => pair.Value).ToList();
        return values.Count > 1 && values[0].Value > values[1].Value ? values[0].Tower : null;
    }
}
