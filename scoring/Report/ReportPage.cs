using Pipeline.Kernels.Simd;
using Pipeline.Scoring.Metrics;

namespace Pipeline.Scoring.Report;

/// <summary>report.html, part by part.</summary>
static class ReportPage
{
    public static string Write(Results results) => HtmlPage.Write(
        $"{results.Title}: evaluation of {Numbers.List([.. results.Towers.Select(Titles.Of)])}",
        [
            Header(results),
            HtmlPage.Section(
                "Findings",
                new Element("ul") { Findings.Of(results).Select(text => (Markup)new Element("li") { text }) },
                HtmlPage.Paragraph("In brackets: 95 % intervals, of differences for the same users. That a list raises or lowers a metric is said only where the "
                    + "interval of the difference leaves 0 out and p after Holm's correction is at most 0.05.")),
            HtmlPage.Section("Metrics", MetricTable.Of(results)),
            .. results.Evaluation.Tests.Count > 0 ? [TestTable.Of(results)] : Array.Empty<Markup>(),
            .. AllRelevant(results),
            .. BreakdownTables.Of(results),
            .. Curves(results),
            .. Likes(results),
            Spreads(results),
            DeadRuns(results),
            Definitions(results),
            Provenance.Of(results),
        ]);

    static Element Header(Results results)
    {
        var header = new Element("header")
        {
            new Element("h1") { $"Evaluation of the dataset {results.Title}" },
            new Element("p")
            {
                ("class", "lead"),
                $"{Numbers.List([.. results.Towers.Select(Titles.Of)])} beside {Numbers.List([.. results.Baselines.Select(baseline => Titles.Within(baseline.Id))])}. "
                + SampleText.Of(results),
            },
            new Element("p")
            {
                new Element("span")
                {
                    ("class", results.IsSynthetic ? "origin generated" : "origin"),
                    results.IsSynthetic ? "GENERATED DATA" : "REAL DATA",
                },
            },
        };
        if (results.IsSynthetic)
        {
            header.Add(new Element("p")
            {
                ("class", "notice"),
                "The raw files were generated, or some input derives from generated data. These numbers show that the pipeline works; they say nothing of real users.",
            });
        }

        return header;
    }

    static IEnumerable<Markup> AllRelevant(Results results)
    {
        if (results.EvaluationOfAll is { } all)
        {
            yield return HtmlPage.Section(
                "The same lists against everything a user liked",
                HtmlPage.Paragraph(
                    "What a test user liked outside the catalogue no list can hold, so it lowers recall, NDCG and MAP" + SampleText.BroughtIn(results.Evaluation, all)),
                MetricTable.OfAll(results, all));
        }
    }

    static IEnumerable<Markup> Curves(Results results)
    {
        if (results.Curves.Count == 0)
        {
            yield break;
        }

        var charts = new Element("div") { ("class", "charts") };
        foreach (var metric in results.Curves.Select(curve => curve.Metric).DistinctBy(metric => metric.Name))
        {
            var curves = results.Curves.Where(curve => curve.Metric.Name == metric.Name).ToList();
            charts.Add(Figures.Curves($"curve-{metric.Id}-{metric.K}", $"{metric.Name} through training", curves));
        }

        var each = SampleText.SeedsOfOneSample(results.Evaluation);
        var users = results.Curves.Max(curve => curve.Users) / each;
        yield return HtmlPage.Section(
            "Through training",
            HtmlPage.Paragraph($"Hit rates of {Numbers.Of(users, "probe user")}{(results.Seeds == 1 ? "" : each > 1 ? ", the same in every seed" : ", all seeds together")}, measured while the model was trained. Probe users are the "
                + "first test users who like something. The lists are the model's own: nothing is masked, and users of whom nothing is known are left out. "
                + "The band is the 95 % interval over users" + (results.Seeds > 1 ? " and seeds." : ".")),
            charts);
    }

    static IEnumerable<Markup> Likes(Results results)
    {
        if (results.ItemLikes.Count == 0)
        {
            yield break;
        }

        yield return HtmlPage.Section(
            "Predicted minus actual likes",
            HtmlPage.Paragraph("Every test user is given as many items as that user likes. Above 0 an item is recommended to more users than like it, below 0 to fewer; "
                + "a model that favours the popular slopes down from the left."),
            new Element("div") { ("class", "charts"), Figures.Likes("item-likes", "Predicted minus actual likes by item", results.ItemLikes) });
    }

    static Element Spreads(Results results) => HtmlPage.Section(
        "Coverage and concentration",
        HtmlPage.Table(
            "How the lists spread over the catalogue, all seeds together. Coverage: the share of items that at least one user is given. Gini: 0 if all items are "
            + "recommended equally often, near 1 if a few take all places. The oracle shows how uneven the likes themselves are.",
            ["List", "Given to", "Lists", "Items recommended", "Coverage", "Gini"],
            results.Spreads.Select(spread => (IReadOnlyList<string>)
            [
                Titles.Of(spread.List), spread.Audience, Numbers.Count(spread.Users),
                $"{Numbers.Count(spread.Concentration.Recommended)} of {Numbers.Count(spread.Concentration.Items)}",
                Numbers.Percent(spread.Concentration.Coverage), Numbers.Fixed(spread.Concentration.Gini, 3),
            ])));

    static Element DeadRuns(Results results) => HtmlPage.Section(
        "Dead runs",
        HtmlPage.Table(
            "A dead run says the same of everything: all scores equal, or the same list for every user. It is counted in every number above, never left out.",
            ["Tower", "Runs", "Dead", "Seeds"],
            results.Towers.Select(tower =>
            {
                var dead = results.DeadRuns.Where(run => run.List == tower).ToList();
                var seeds = string.Join(", ", dead.Select(run => $"{run.Seed} ({run.Cause})"));
                return (IReadOnlyList<string>)[Titles.Of(tower), Numbers.Count(results.Seeds), Numbers.Count(dead.Count), dead.Count == 0 ? "none" : seeds];
            })));

    static Element Definitions(Results results)
    {
        var meanings = AllMetrics.List.DistinctBy(metric => metric.Id).Select(metric => (IReadOnlyList<string>)[metric.Id, metric.Meaning])
            .Concat(results.Baselines.Select(baseline => (IReadOnlyList<string>)[Titles.Of(baseline.Id), baseline.Meaning]));
        return HtmlPage.Section(
            "How it is measured",
            [
                HtmlPage.Table("The number after @ is k: how many places of the list count.", ["Name", "Meaning"], meanings),
                HtmlPage.Paragraph("An item is liked where the data say that the user likes it or, in a shop, took it."),
                HtmlPage.Paragraph($"Intervals are percentile bootstraps with {Numbers.Count(results.Resamples)} resamples"
                    + (results.Seeds == 1 ? " of users" : results.Evaluation.SharesUsers ? " of seeds and of users, who are the same in every seed" : " of seeds and, within them, of users")
                    + (results.Seeds is > 1 and < 10 ? $"; with only {results.Seeds} seeds they are narrow, by a factor of about sqrt((S - 1) / S)" : "")
                    + ". All lists share the resamples, so differences compare the same users. Test users who like nothing are left out of every mean."),
                .. SampleText.Protocol(results.Inputs),
                HtmlPage.Paragraph("Identities that any correct report obeys, such as HR@1 = P@1 = MRR@1 or HR@k at least R@k, were checked on these numbers: "
                    + (results.BrokenIdentities.Count == 0 ? "all hold." : string.Join("; ", results.BrokenIdentities) + ".")),
                HtmlPage.Paragraph($"Vector width of this report's computation: {SimdLevel.Name}."),
            ]);
    }
}
