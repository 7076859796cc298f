using Pipeline.Host.Dashboard.Artifacts;
using Pipeline.Host.Dashboard.Reports;
using Pipeline.Host.Terminal;
using Pipeline.Scoring.Report;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Pages;

/// <summary>The current report of every dataset with its headline figures, the earlier ones, and those of the experiments.</summary>
sealed class ReportsPage : IPage
{
    public string Path => "/reports";

    public PageContent Render(PageRequest request)
    {
        var reports = request.Session.Datasets.Select(dataset => (dataset.Name, All: ReportPlaces.Of(request.Root, dataset.Name))).Where(each => each.All.Count > 0).ToList();
        var experiments = ReportPlaces.ExperimentsOf(request.Root);
        return new PageContent("Reports",
        [
            .. reports.Count == 0 ? [new Element("p") { ("class", "notice"), $"No report has been made yet in {request.Root.Path}." }] : Array.Empty<Markup>(),
            .. reports.Select(each => (Markup)HtmlPage.Section(each.Name, Body(request, each.Name, each.All))),
            .. experiments.Count == 0 ? Array.Empty<Markup>() : [Experiments(request, experiments)],
        ]);
    }

    static IEnumerable<Markup> Body(PageRequest request, string dataset, IReadOnlyList<GenerationFolder> all)
    {
        var current = all.FirstOrDefault(folder => folder.IsCurrent);
        yield return current is null
            ? new Element("p") { ("class", "notice"), "No report is current: the last run did not end well." }
            : Current(DatedReport.Read(GenerationView.Of(current, request.Ledger), dataset), dataset);
        yield return new Element("details") { new Element("summary") { $"All reports: {Phrase.Count(all.Count)}" }, Earlier(request, dataset, all) };
    }

    static Element Current(DatedReport dated, string dataset)
    {
        var made = new Element("p")
        {
            new Element("strong") { Show.Link(ReportPlaces.Address(dataset, dated.Generation.Name), $"Report of {dataset}") },
            $", made {Phrase.Time(dated.Generation.Time)}",
            dated.Generation.Run is { } run ? new Element("span") { " by run ", Show.Run(run), ". " } : ". ",
        };
        if (dated.Report is not { } report)
        {
            return new Element("div") { made, new Element("p") { ("class", "notice"), dated.Problem } };
        }

        made.Add(new Element("span") { ("class", report.IsSynthetic ? "origin generated" : "origin"), report.IsSynthetic ? "generated data" : "real data" });
        return new Element("div") { made, FigureTable.Of(report, dataset) };
    }

    static Element Earlier(PageRequest request, string dataset, IReadOnlyList<GenerationFolder> all) => Show.Table(
        "The newest first.",
        ["report", "state", "made", "run", "what lies there"],
        all.Select(folder => GenerationView.Of(folder, request.Ledger)).OrderByDescending(generation => generation.Time).Select(generation => (IReadOnlyList<Markup>)
        [
            new Element("code") { Show.Link(ReportPlaces.Address(dataset, generation.Name), generation.Name) },
            Show.State(generation.State),
            Show.When(generation.Time),
            generation.Run is { } run ? Show.Run(run) : "",
            Show.Link(ArtifactView.Address(dataset, ReportPlaces.Folder, generation.Name), "artifact"),
        ]));

    static Element Experiments(PageRequest request, IReadOnlyList<(string Name, DataRoot Root)> experiments) => HtmlPage.Section("Experiments", Show.Table(
        "Runs in data roots of their own, held against the paper.",
        ["experiment", "result", "reports by dataset"],
        experiments.Select(experiment => (IReadOnlyList<Markup>)
        [
            experiment.Name,
            File.Exists(System.IO.Path.Combine(experiment.Root.Path, ReportPlaces.PageFile)) ? Show.Link(ReportPlaces.ExperimentAddress(experiment.Name), "Open the result") : "not yet",
            new Element("div") { Links(request, experiment.Name, experiment.Root) },
        ])));

    static IEnumerable<Markup> Links(PageRequest request, string experiment, DataRoot root) =>
        from dataset in request.Session.Datasets
        from folder in ReportPlaces.Of(root, dataset.Name)
        select (Markup)new Element("div") { Show.Link(ReportPlaces.ExperimentAddress(experiment, dataset.Name, folder.Name), $"{dataset.Name} {folder.Name}") };
}
