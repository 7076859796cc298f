using Pipeline.Host.Dashboard.Reports;
using Pipeline.Scoring.Report;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Pages;

/// <summary>Two runs side by side.</summary>
sealed class ComparePage : IPage
{
    /// <summary>Runs to choose from; earlier ones can be named in the address.</summary>
    const int Choices = 200;

    public string Path => "/compare";

    public PageContent Render(PageRequest request)
    {
        var runs = request.Ledger.Runs();
        // By default the last two that ended well: a night and the one before.
        var latest = runs.Where(run => run.State == RunState.Succeeded).TakeLast(2).ToList();
        var (a, b) = (request.Query("a") ?? (latest.Count == 2 ? latest[0].Run : null), request.Query("b") ?? latest.LastOrDefault()?.Run);
        return new PageContent("Compare two runs",
        [
            Form(request, a, b),
            .. a is null || b is null
                ? [new Element("p") { ("class", "notice"), "There are no two runs to compare yet." }]
                : Body(new RunComparison(request, Find(request, a), Find(request, b)), a, b),
        ]);
    }

    /// <summary>Two choices of runs, to be compared.</summary>
    /// <param name="a">The chosen one; null for the latest.</param>
    static Element Form(PageRequest request, string? a, string? b)
    {
        List<(string, string)> runs =
        [
            .. request.Ledger.Runs().Reverse().Take(Choices).Select(run => (run.Run, $"{run.Run}, {run.State.ToString().ToLowerInvariant()}, {Show.Words(run.Selection)}")),
        ];
        return FormField.Ask("/compare", "Compare", FormField.Choice("a", "Run A", With(runs, a), a), FormField.Choice("b", "Run B", With(runs, b), b));
    }

    static RunRecord Find(PageRequest request, string run) => request.Ledger.Find(run) ?? throw new PipelineException(
        ExitCode.Usage, $"There is no run '{run}' in {request.Root.Path}.{NearestNames.Hint(run, request.Ledger.Runs().TakeLast(Choices).Select(known => known.Run))}");

    static IEnumerable<(string, string)> With(List<(string Value, string)> runs, string? chosen) =>
        chosen is null || runs.Exists(run => run.Value == chosen) ? runs : [(chosen, chosen), .. runs];

    static IEnumerable<Markup> Body(RunComparison runs, string a, string b)
    {
        yield return new Element("p") { "A is ", Show.Run(a), ", B is ", Show.Run(b), "." };
        yield return HtmlPage.Section("Figures", Figures(runs));
        var settings = runs.Settings();
        yield return HtmlPage.Section("Settings that differ", settings.Count == 0
            ? HtmlPage.Paragraph("None.")
            : HtmlPage.Table("What the runs were told, and the options of the stages whose content differs.", ["what", "A", "B"], settings.Select(each => (IReadOnlyList<string>)[each.What, each.Before, each.Now])));
        yield return HtmlPage.Section("Stages", Stages(runs.Stages));
    }

    /// <summary>What ran in either; what neither had to run is folded away.</summary>
    static IEnumerable<Markup> Stages(IReadOnlyList<StagePair> stages)
    {
        var idle = stages.Where(pair => pair is { A.IsSkipped: true, B.IsSkipped: true } && pair.Differences.Count == 0).ToList();
        yield return Table("The last column names what differs, but for the time.", stages.Except(idle));
        if (idle.Count > 0)
        {
            yield return Fold($"{Numbers.Of(idle.Count, "stage")} that neither had to run", Table("Skipped in both.", idle));
        }
    }

    static Element Table(string caption, IEnumerable<StagePair> stages) => Show.Table(
        caption, ["stage", "state A", "state B", "time A ", "time B ", "rows A ", "rows B ", "size A ", "size B ", "differs"], stages.Select(Row));

    static Element Fold(string summary, Markup content) => new("details") { new Element("summary") { summary }, content };

    static IReadOnlyList<Markup> Row(StagePair pair)
    {
        var differences = string.Join(", ", pair.Differences);
        return
        [
            pair.Name,
            pair.A is null ? "" : Show.State(pair.A),
            pair.B is null ? "" : Show.State(pair.B),
            StagePair.Time(pair.A), StagePair.Time(pair.B),
            StagePair.Rows(pair.A), StagePair.Rows(pair.B),
            StagePair.Size(pair.A), StagePair.Size(pair.B),
            differences.Length == 0 ? "" : new Element("strong") { ("class", "changed"), differences },
        ];
    }

    static IEnumerable<Markup> Figures(RunComparison runs)
    {
        var reports = runs.Reports();
        return reports.Count == 0
            ? [HtmlPage.Paragraph("The ledger names no report that both have.")]
            : reports.Select(report => report is { A: { } a, B: { } b }
                ? Figures(report.Dataset, a, b)
                : (Markup)HtmlPage.Paragraph($"A report of {report.Dataset} is no longer there: it was pruned, or cannot be read."));
    }

    static Element Figures(string dataset, ReportFile a, ReportFile b)
    {
        if (a.Folder == b.Folder)
        {
            return new Element("p") { $"{dataset}: both have the same report, ", Show.Link(ReportPlaces.Address(dataset, System.IO.Path.GetFileName(a.Folder)), System.IO.Path.GetFileName(a.Folder)), "." };
        }

        var pairs = from list in a.Lists.Intersect(b.Lists)
                    from metric in ReportFile.Headlines
                    where a.Metrics.Contains(metric) && b.Metrics.Contains(metric)
                    select ($"{Titles.Of(list)} {FigureTable.Name(metric)}", A: a.Find(list, metric.Metric, metric.K), B: b.Find(list, metric.Metric, metric.K));
        var isSame = pairs.ToLookup(pair => Rounded(pair.A) == Rounded(pair.B));
        var part = new Element("div") { Table($"{dataset}: B minus A. The intervals are of each report alone.", isSame[false]) };
        if (isSame[true].Any())
        {
            part.Add(Fold($"{Numbers.Of(isSame[true].Count(), "figure")} of {dataset} that are the same", Table("Equal in both.", isSame[true])));
        }

        return part;
    }

    static Element Table(string caption, IEnumerable<(string Name, ReportFile.Row? A, ReportFile.Row? B)> figures) => Show.Table(
        caption,
        ["figure", "A ", "B ", "difference "],
        figures.Select(figure => (IReadOnlyList<Markup>)[figure.Name, FigureTable.Cell(figure.A), FigureTable.Cell(figure.B), Difference(Rounded(figure.B) - Rounded(figure.A))]));

    /// <summary>As it is shown: what differs only behind the last place is the same.</summary>
    static double? Rounded(ReportFile.Row? row) => row?.Value is { } value ? Math.Round(value, FigureTable.Decimals) : null;

    static Markup Difference(double? difference) => difference is not { } number ? "none"
        : new Element("span") { ("class", number > 0 ? "up" : number < 0 ? "down" : "same"), Numbers.Signed(number, FigureTable.Decimals) };
}
