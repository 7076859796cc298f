using Pipeline.Scoring.Report;

namespace Pipeline.Scoring.Experiments;

/// <summary>A table of the paper with our values: a row per dataset and tower, a column per metric that the paper prints.</summary>
static class PaperTable
{
    /// <summary>The columns of both tables.</summary>
    public static readonly string[] Metrics = ["P@5", "P@10", "R@5", "R@10", "MRR@5", "MRR@10", "HR@1", "HR@5", "HR@10"];

    public static readonly string[] Towers = [MeasuredDataset.Mamba, MeasuredDataset.Transformer];

    /// <summary>"I" or "II"; null for a dataset that the paper does not print.</summary>
    public static string? NumberOf(string dataset) =>
        dataset is "spotify" or "hm" ? "I" : VaccineSetting.List.Any(setting => setting.Dataset == dataset) ? "II" : null;

    public static Markup Of(string number, IReadOnlyList<MeasuredDataset> datasets)
    {
        var header = new Element("tr") { new Element("th") { ("scope", "col"), "Data and tower" } };
        foreach (var metric in Metrics)
        {
            header.Add(new Element("th") { ("scope", "col"), metric });
        }

        var body = new Element("tbody");
        foreach (var dataset in datasets)
        {
            foreach (var tower in Towers)
            {
                body.Add(Row(dataset, tower));
            }
        }

        var table = new Element("table") { ("class", "main dense"), new Element("caption") { Caption }, new Element("thead") { header }, body };
        return HtmlPage.Section($"Table {number}", HtmlPage.Paragraph(Places(datasets)), new Element("div") { ("class", "scroll"), table });
    }

    /// <summary>Where the printed values lie, counted tower by tower.</summary>
    static string Places(IReadOnlyList<MeasuredDataset> datasets) => string.Join(" ", Towers.Select(tower =>
    {
        var places = (from dataset in datasets
                      from metric in Metrics
                      let printed = PrintedTables.Find(dataset.Name, tower, metric)
                      where printed is not null
                      select Findings.Place(dataset.Row(tower, metric).Interval, printed.Value)).ToList();
        return $"Of the {places.Count} values that the paper prints here for {Titles.Of(tower)}, {Findings.Places(places)}.";
    }));

    const string Caption = "Ours; below it the 95\u00a0% interval over users and seeds, the standard deviation over seeds (±, from two seeds on), and the paper's value with its "
        + "place: inside, above or below our interval. Bold and tinted: the higher of the towers. Vaccine KxM: K clusters of users and of messages, M messages.";

    static Element Row(MeasuredDataset dataset, string tower)
    {
        var row = new Element("tr") { Heading(dataset, tower) };
        if (tower == Towers[0])
        {
            row.Add(("class", "first"));
        }

        foreach (var metric in Metrics)
        {
            var measured = dataset.Row(tower, metric);
            var isBest = Towers.All(other => other == tower || measured.Interval.Value > dataset.Row(other, metric).Interval.Value);
            row.Add(MetricTable.Cell(measured, PrintedTables.Find(dataset.Name, tower, metric), PrintedTables.Decimals(dataset.Name), isBest));
        }

        return row;
    }

    static Element Heading(MeasuredDataset dataset, string tower)
    {
        var dead = dataset.DeadRuns.Count(run => run.List == tower);
        var heading = new Element("th") { ("scope", "row"), $"{ExperimentPage.TitleOf(dataset)}, {Titles.Of(tower)}" };
        heading.Add(new Element("span") { ("class", "range"), $"{Numbers.Of(dataset.Seeds.Count, "seed")}, {Numbers.Of(dataset.Users, "user")}" });
        heading.Add(new Element("span") { ("class", "range"), $"{dead} of {Numbers.Of(dataset.Seeds.Count, "run")} dead" });
        return heading;
    }
}
