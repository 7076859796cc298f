using Pipeline.Scoring.Report;

namespace Pipeline.Scoring.Experiments;

/// <summary>report.html of an experiment: the paper's tables, figures and claims beside ours.</summary>
public static class ExperimentPage
{
    public static string Write(ExperimentResults results) => HtmlPage.Write(
        $"Experiment {results.Name}: FT-Mamba and FT-Transformer beside the paper",
        [
            Header(results),
            Claims(results),
            .. new[] { "I", "II" }.SelectMany(number => Table(results, number)),
            .. Tests(results),
            .. Curves(results, "Figure 4: hit rates through training", ["spotify", "hm"], ["HR@1", "HR@5", "HR@10"]),
            .. Likes(results),
            .. Curves(results, "Figure 6: HR@10 through training on vaccine", [.. VaccineSetting.List.Select(setting => setting.Dataset)], ["HR@10"]),
            Method(results),
        ]);

    /// <summary>The dataset as a person calls it, with what must be known of its data.</summary>
    internal static string TitleOf(MeasuredDataset dataset)
    {
        var title = dataset.Name switch
        {
            "spotify" => "Spotify",
            "hm" => "H&M",
            _ => VaccineSetting.List.FirstOrDefault(setting => setting.Dataset == dataset.Name)?.Title ?? dataset.Name,
        };
        return dataset.Origin is { } origin ? $"{title} ({origin})" : title;
    }

    static Element Header(ExperimentResults results)
    {
        var dead = results.Datasets.Sum(dataset => dataset.DeadRuns.Count);
        var runs = results.Datasets.Sum(dataset => dataset.Seeds.Count) * PaperTable.Towers.Length;
        var header = new Element("header")
        {
            new Element("h1") { $"Experiment {results.Name}: our runs beside the paper" },
            new Element("p")
            {
                ("class", "lead"),
                $"FT-Mamba and FT-Transformer on {Numbers.Of(results.Datasets.Count, "dataset")}: {Numbers.List([.. results.Datasets.Select(Size)])}. "
                + (dead == 0 ? $"None of {Numbers.Of(runs, "trained model")} died." : $"{dead} of {Numbers.Of(runs, "trained model")} died; {(dead == 1 ? "it is" : "they are")} counted in every number."),
            },
        };
        var generated = results.Datasets.Where(dataset => dataset.IsSynthetic && PaperTable.NumberOf(dataset.Name) == "I").Select(dataset => dataset.Name).ToList();
        if (results.Settings.Count > 0)
        {
            header.Add(HtmlPage.Paragraph($"Options of this experiment: {string.Join("; ", results.Settings)}."));
        }

        if (generated.Count > 0)
        {
            header.Add(new Element("p")
            {
                ("class", "notice"),
                $"The raw files of {Numbers.List(generated)} were generated. Their numbers show that the pipeline works; they can neither confirm nor refute the paper.",
            });
        }

        return header;
    }

    static string Size(MeasuredDataset dataset) =>
        $"{dataset.Name} ({Numbers.Of(dataset.Seeds.Count, "seed")}, {Numbers.Of(dataset.Users, "test user")})";

    static Element Claims(ExperimentResults results) => HtmlPage.Section(
        "What becomes of the paper's claims",
        HtmlPage.Table(
            "Each claim is judged by a rule that stands at the end of this page; p is corrected by Holm. Vaccine KxM: K clusters, M messages.",
            ["Claim", "Verdict", "Why"],
            results.Claims.Select(claim => (IReadOnlyList<string>)[claim.Text, Claim.Words(claim.Verdict), claim.Sentence])));

    static IEnumerable<Markup> Table(ExperimentResults results, string number)
    {
        var datasets = results.Datasets.Where(dataset => PaperTable.NumberOf(dataset.Name) == number).ToList();
        return datasets.Count == 0 ? [] : [PaperTable.Of(number, datasets)];
    }

    static IEnumerable<Markup> Tests(ExperimentResults results)
    {
        var rows = results.Datasets.SelectMany(dataset => results.TestsOf(dataset.Name).Select(test => (IReadOnlyList<string>)
        [
            dataset.Name, test.Comparison.Metric.Name, Numbers.Signed(test.Difference.Value, 4),
            $"{Numbers.Signed(test.Difference.Low, 4)} to {Numbers.Signed(test.Difference.High, 4)}", Numbers.P(test.P), Numbers.P(test.PHolm),
            test.Verdict > 0 ? "FT-Mamba" : test.Verdict < 0 ? "FT-Transformer" : "not told",
        ])).ToList();
        return rows.Count == 0 ? [] :
        [
            HtmlPage.Section("FT-Mamba minus FT-Transformer", HtmlPage.Table(
                $"Paired two-sided tests over the same users, and p after Holm's correction for all {results.TestCount}. A tower is ahead where the interval "
                + "leaves 0 out and the corrected p is at most 0.05. The test speaks of these models as trained; chance among trainings is in the interval.",
                ["Data", "Metric", "Difference", "95\u00a0% interval", "p", "p (Holm)", "Ahead"],
                rows)),
        ];
    }

    static IEnumerable<Markup> Curves(ExperimentResults results, string title, string[] datasets, string[] metrics)
    {
        var charts = from dataset in datasets.Select(results.Find).OfType<MeasuredDataset>()
                     from metric in metrics
                     let curves = dataset.Curves.Where(curve => curve.Metric.Name == metric).ToList()
                     where curves.Count > 0
                     select Figures.Curves($"{dataset.Name}-{metric.Replace('@', '-')}", $"{metric} on {TitleOf(dataset)}", curves);
        return Section(title, "Hit rates of the probe users, who are some of the test users, measured while the models were trained. The band is the 95\u00a0% interval over users and seeds.", [.. charts]);
    }

    static IEnumerable<Markup> Likes(ExperimentResults results)
    {
        // The paper's two: songs, and 25 clusters with 50 messages.
        var charts = from dataset in new[] { "spotify", "vaccine-25x50" }.Select(results.Find).OfType<MeasuredDataset>()
                     where dataset.Likes.Count > 0
                     select LikesChart.Of($"likes-{dataset.Name}", TitleOf(dataset), dataset.Likes);
        return Section(
            "Figure 5: predicted minus actual likes",
            "Every test user is given as many items as that user likes. Above 0 an item is recommended to more users than like it, below 0 to fewer. Items are ranked by their "
            + "likes seed by seed, as the paper does. Dots are means over seeds; the band is their 95\u00a0% interval over seeds, each with its own users.",
            [.. charts]);
    }

    static IEnumerable<Markup> Section(string title, string text, IReadOnlyList<Markup> charts) =>
        charts.Count == 0 ? [] : [HtmlPage.Section(title, HtmlPage.Paragraph(text), new Element("div") { ("class", "charts"), charts })];

    static Element Method(ExperimentResults results) => HtmlPage.Section(
        "How it is judged",
        new Element("ul")
        {
            new Element("li") { "At least as good: holds where FT-Mamba is ahead by at least one tested metric and behind by none; does not hold where it is behind by any. "
                + "In all settings: holds where it holds in each, does not hold where it does not hold in any one." },
            new Element("li") { $"About equal: holds where the interval of every difference lies within {Numbers.Percent(TowerClaims.Margin, 0)} of FT-Transformer's value; does not hold "
                + "where one lies wholly outside. The paper's own H&M rows differ by up to 4.6 %." },
            new Element("li") { $"Nearly doubles: holds where the ratio's interval lies at or above {Numbers.Fixed(TowerClaims.NearlyDouble, 1)} in more than half of the six settings; does not "
                + "hold where it lies below in half of them or more." },
            new Element("li") { "Falls: HR@10 of every step from a setting to the next larger one, for both towers. The settings are measured apart, so that the difference's interval "
                + "follows from the two (Zou and Donner 2008); p is corrected by Holm for the steps of the claim. Holds where every step falls, does not hold where one rises." },
            new Element("li") { "Ahead by a metric: by the interval and the test, as in the first rule. Through training and by rank: holds where the intervals of both towers lie on the "
                + "claimed side, does not hold where one lies on the other. Nothing corrects these for their number." },
            new Element("li") { "Users and messages of vaccine are generated, here as in the paper." },
            new Element("li") { "Intervals are percentile bootstraps over seeds and, within them, over users; where all seeds test the same users, over both by themselves"
                + (results.Datasets.Any(dataset => dataset.Seeds.Count is > 1 and < 10) ? "; with few seeds they are narrow, by a factor of about sqrt((S - 1) / S) for S seeds." : ".") },
            new Element("li") { "Printed values: Starnes and Webster, \"Mamba for Scalable and Efficient Personalized Recommendations\", tables I and II." },
        });
}
