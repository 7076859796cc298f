using System.Globalization;
using Pipeline.Host.Dashboard.Reports;
using Pipeline.Scoring.Report;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Pages;

/// <summary>How a metric went from report to report, in the order in which runs made them.</summary>
sealed class TrendsPage : IPage
{
    /// <summary>What the chart draws; the table has all lists.</summary>
    static readonly IReadOnlyList<string> Drawn = ["mamba", "transformer", "popularity", "oracle"];

    public string Path => "/trends";

    public PageContent Render(PageRequest request)
    {
        var dataset = request.Query("dataset") is { } name ? request.Session.Dataset(name).Name : FirstWithReports(request);
        var all = DatedReport.Of(request, dataset);
        var reports = all.Where(dated => dated.Report is not null).ToList();
        var metrics = reports.SelectMany(dated => dated.Report!.Metrics).Distinct().ToList();
        var metric = Chosen(request, metrics);
        var form = FormField.Ask(
            "/trends",
            "Show",
            FormField.Choice("dataset", "Dataset", request.Session.Datasets.Select(each => each.Name), dataset),
            FormField.Choice("metric", "Metric", metrics.Select(each => each.Metric).Distinct(), metric.Metric),
            FormField.Choice("k", "Length of the list", metrics.Select(each => each.K).Distinct().Order().Select(k => $"{k}"), $"{metric.K}"));
        return new PageContent($"Trend of {FigureTable.Name(metric)} of {dataset}",
        [
            form,
            .. all.Where(dated => dated.Report is null).Select(dated => (Markup)new Element("p") { ("class", "notice"), dated.Problem }),
            .. reports.Count == 0
                ? [new Element("p") { ("class", "notice"), $"{dataset} has no report yet." }]
                : (IEnumerable<Markup>)[Chart(reports, metric, dataset), Table(reports, metric, dataset)],
        ]);
    }

    static string FirstWithReports(PageRequest request) =>
        (request.Session.Datasets.FirstOrDefault(dataset => ReportPlaces.Of(request.Root, dataset.Name).Count > 0) ?? request.Session.Datasets[0]).Name;

    /// <summary>What was asked for where there is such a metric, else the first headline that there is.</summary>
    static (string Metric, int K) Chosen(PageRequest request, IReadOnlyList<(string Metric, int K)> metrics)
    {
        var (asked, k) = (request.Query("metric"), request.Query("k", 0));
        if (asked is not null && metrics.Count > 0 && !metrics.Any(each => each.Metric == asked))
        {
            throw new PipelineException(ExitCode.Usage, $"No report has a metric '{asked}'.{NearestNames.Hint(asked, metrics.Select(each => each.Metric))}");
        }

        var fitting = metrics.Where(each => asked is null || each.Metric == asked).ToList();
        return fitting.Contains((asked ?? "", k)) ? (asked!, k)
            : ReportFile.Headlines.Cast<(string, int)?>().FirstOrDefault(each => fitting.Contains(each!.Value)) ?? (fitting.Count > 0 ? fitting[0] : ReportFile.Headlines[0]);
    }

    static Markup Chart(IReadOnlyList<DatedReport> reports, (string Metric, int K) metric, string dataset)
    {
        var series = Drawn.Select(list => Series(reports, metric, list)).Where(each => each.Points.Count > 0).ToList();
        return new Chart
        {
            Id = "trend",
            Title = $"{FigureTable.Name(metric)} of {dataset}, report by report",
            Description = string.Join(" ", series.Select(each =>
                $"{each.Title} goes from {Numbers.Fixed(each.Points[0].Y, 4)} to {Numbers.Fixed(each.Points[^1].Y, 4)} over {Numbers.Of(each.Points.Count, "report")}.")),
            XTitle = "reports, by the run that made them (UTC)",
            YTitle = FigureTable.Name(metric),
            BandTitle = "95 % interval",
            Decimals = 4,
            XLabels = [.. reports.Select(dated => dated.Generation.Time.UtcDateTime.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture))],
            Series = series,
        }.ToMarkup();
    }

    static ChartSeries Series(IReadOnlyList<DatedReport> reports, (string Metric, int K) metric, string list) => new(
        Titles.Of(list),
        Titles.StyleOf(list),
        [
            .. reports.Select((dated, place) => (Row: dated.Report!.Find(list, metric.Metric, metric.K), place)).Where(each => each.Row?.Value is not null)
                .Select(each => new ChartPoint(each.place, each.Row!.Value!.Value, each.Row.Low ?? each.Row.Value.Value, each.Row.High ?? each.Row.Value.Value)),
        ]);

    static Element Table(IReadOnlyList<DatedReport> reports, (string Metric, int K) metric, string dataset)
    {
        var lists = reports.SelectMany(dated => dated.Report!.Lists).Distinct(StringComparer.Ordinal).ToList();
        return HtmlPage.Section("All lists", Show.Table(
            "The newest first. Reports that were pruned are gone.",
            ["report", "made", "run", "data", .. lists.Select(list => Titles.Of(list) + " ")],
            reports.Reverse().Select(dated => (IReadOnlyList<Markup>)
            [
                new Element("code") { Show.Link(ReportPlaces.Address(dataset, dated.Generation.Name), dated.Generation.Name) },
                Show.When(dated.Generation.Time),
                dated.Generation.Run is { } run ? Show.Run(run) : "",
                dated.Report!.IsSynthetic ? "generated" : "real",
                .. lists.Select(list => FigureTable.Cell(dated.Report.Find(list, metric.Metric, metric.K))),
            ])));
    }
}
