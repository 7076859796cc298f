using Pipeline.Scoring.Metrics;
using Pipeline.Scoring.Statistics;

namespace Pipeline.Scoring.Report;

/// <summary>A row per metric, a column per list; each value with its interval, its spread over seeds and, in the main table, the printed value.</summary>
static class MetricTable
{

    public static Markup Of(Results results) => Of(
        results,
        results.Evaluation,
        "Where the paper prints a value, it follows, with its place: inside, above or below our interval. ",
        row => PrintedTables.Find(results.Dataset, row.List, row.Metric.Name));

    /// <summary>The second table, where relevant items outside the catalogue count too; the paper has none like it.</summary>
    public static Markup OfAll(Results results, Evaluation evaluation) => Of(results, evaluation, "", _ => null);

    static Markup Of(Results results, Evaluation evaluation, string legend, Func<MeasuredRow, double?> printed)
    {
        var lists = evaluation.Lists;
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
            var best = Highest(results.Towers, evaluation, metric);
            foreach (var list in lists)
            {
                var measured = evaluation.Row(list, metric.Name);
                row.Add(Cell(measured, printed(measured), PrintedTables.Decimals(results.Dataset), list == best));
            }

            body.Add(row);
        }

        var table = new Element("table") { ("class", "main"), new Element("caption") { Caption(evaluation) + legend + (results.Towers.Count > 1 ? "Bold and tinted: the highest of the towers." : "") }, new Element("thead") { header }, body };
        return new Element("div") { ("class", "scroll"), table };
    }

    static string Caption(Evaluation evaluation)
    {
        var many = evaluation.Seeds.Count > 1;
        var users = !many ? Numbers.Of(evaluation.Users, "test user")
            : evaluation.SharesUsers ? $"{Numbers.Of(evaluation.UsersBySeed[0], "test user")}, the same in each of {evaluation.Seeds.Count} seeds"
            : $"{Numbers.Of(evaluation.Users, "test user")} of {evaluation.Seeds.Count} seeds";
        return $"Mean over {users}, and below it the 95 % interval"
            + (many ? " over users and seeds and the standard deviation over seeds (±). " : " over users (one seed: chance among seeds is not in it). ");
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

    /// <summary>A value, its interval, its spread over seeds, and what the paper prints.</summary>
    /// <param name="printed">Null where the paper prints none.</param>
    public static Element Cell(MeasuredRow measured, double? printed, int decimals, bool isBest)
    {
        var value = Numbers.Fixed(measured.Interval.Value, decimals);
        var cell = new Element("td")
        {
            new Element("span") { ("class", "value"), isBest ? new Element("strong") { value } : value },
            new Element("span") { ("class", "range"), Numbers.Range(measured.Interval, decimals) },
        };
        if (Spread.Of(measured.BySeed) is { } deviation)
        {
            cell.Add(new Element("span") { ("class", "range"), "± " + Numbers.Fixed(deviation, decimals) });
        }

        if (isBest)
        {
            cell.Add(("class", "best"));
        }

        if (printed is { } paper)
        {
            cell.Add(new Element("span")
            {
                ("class", "printed"),
                $"paper {Numbers.Fixed(paper, decimals)}, {Findings.Place(measured.Interval, paper)}",
            });
        }

        return cell;
    }

    /// <summary>The tower with the highest value; null if it is not alone.</summary>
    static string? Highest(IReadOnlyList<string> towers, Evaluation evaluation, IMetric metric)
    {
        var values = towers.Select(tower => (Tower: tower, evaluation.Row(tower, metric.Name).Interval.Value)).OrderByDescending(pair => pair.Value).ToList();
        return values.Count > 1 && values[0].Value > values[1].Value ? values[0].Tower : null;
    }
}
