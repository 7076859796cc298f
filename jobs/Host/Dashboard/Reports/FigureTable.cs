using System.Globalization;
using Pipeline.Host.Commands;
using Pipeline.Scoring.Report;

namespace Pipeline.Host.Dashboard.Reports;

/// <summary>The headline figures of a report: a row per list, a column per metric, each value with its interval.</summary>
static class FigureTable
{
    public const int Decimals = 4;

    /// <param name="dataset">For the links to the metrics' trends.</param>
    public static Element Of(ReportFile report, string dataset)
    {
        var metrics = ReportFile.Headlines.Where(report.Metrics.Contains).ToList();
        var (users, seeds) = report.Size;
        return new Element("div")
        {
            Show.Table(
                $"{ReportCommand.Size(users, seeds, report.SharesUsers)}; below each mean its 95 % interval.",
                ["list", .. metrics.Select(metric => $"{Name(metric)} ")],
                report.Lists.Select(list => (IReadOnlyList<Markup>)[Titles.Of(list), .. metrics.Select(metric => Cell(report.Find(list, metric.Metric, metric.K)))])),
            new Element("p") { "Trends over the nights: ", metrics.Select(metric => (Markup)new Element("span") { Show.Link(TrendAddress(dataset, metric), Name(metric)), " " }) },
        };
    }

    /// <summary>"NDCG@10".</summary>
    public static string Name((string Metric, int K) metric) => string.Create(CultureInfo.InvariantCulture, $"{metric.Metric}@{metric.K}");

    public static string TrendAddress(string dataset, (string Metric, int K) metric) =>
        string.Create(CultureInfo.InvariantCulture, $"/trends?dataset={Uri.EscapeDataString(dataset)}&metric={Uri.EscapeDataString(metric.Metric)}&k={metric.K}");

    /// <param name="row">Null where there is no such number.</param>
    public static Markup Cell(ReportFile.Row? row) => row?.Value is not { } value ? "none" : new Element("span")
    {
        new Element("span") { ("class", "value"), Numbers.Fixed(value, Decimals) },
        new Element("span") { ("class", "range"), Range(row) },
    };

    /// <summary>"0.9312 to 0.9401"; empty where there is none.</summary>
    public static string Range(ReportFile.Row row) => row is { Low: { } low, High: { } high } ? $"{Numbers.Fixed(low, Decimals)} to {Numbers.Fixed(high, Decimals)}" : "";
}
