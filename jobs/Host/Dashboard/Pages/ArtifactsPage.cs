using Pipeline.Host.Dashboard.Artifacts;
using Pipeline.Host.Terminal;
using Pipeline.Scoring.Report;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Pages;

/// <summary>Everything that lies in the data root: per dataset a row per artifact, with the generation in use.</summary>
sealed class ArtifactsPage : IPage
{
    public string Path => "/artifacts";

    public PageContent Render(PageRequest request)
    {
        var chosen = request.Query("dataset");
        var datasets = request.Session.DatasetsOrAll(chosen).Select(dataset => (dataset.Name, Artifacts: ArtifactView.Of(request, dataset.Name))).Where(dataset => dataset.Artifacts.Count > 0).ToList();
        return new PageContent("Artifacts",
        [
            new Element("p") { ("class", "lead"), "What the stages made, and which generation of it is in use." },
            FormField.Ask("/artifacts", "Show", FormField.Choice("dataset", "Dataset", [("", "all"), .. request.Session.Datasets.Select(each => (each.Name, each.Name))], chosen)),
            .. datasets.Count == 0 ? [new Element("p") { ("class", "notice"), $"Nothing has been made yet in {request.Root.Path}. Start a run from the page of runs." }] : Array.Empty<Markup>(),
            .. datasets.Select(dataset => (Markup)HtmlPage.Section(dataset.Name, Table(dataset.Artifacts, request.Ledger))),
        ]);
    }

    static Element Table(IReadOnlyList<ArtifactView> artifacts, LedgerIndex ledger) => Show.Table(
        $"{Numbers.Of(artifacts.Count, "artifact")}, {Numbers.Of(artifacts.Sum(artifact => artifact.Count), "generation")}.",
        ["artifact", "what it holds", "current", "rows ", "size ", "made", "data", "generations "],
        artifacts.Select(artifact => Row(artifact, artifact.Current is { } current ? GenerationView.Of(current, ledger) : null)));

    static IReadOnlyList<Markup> Row(ArtifactView artifact, GenerationView? current) =>
    [
        Show.Link(ArtifactView.Address(artifact.Dataset, artifact.Folder), artifact.Folder),
        artifact.Title,
        current is null ? Show.State("unfinished") : current.Manifest is null ? Show.State("damaged") : ManifestSections.Code(current.Name),
        current?.Manifest?.Rows is { } rows ? Phrase.Count(rows) : "",
        current?.Manifest is { } manifest ? Phrase.Bytes(manifest.Bytes) : "",
        current is null ? "" : Show.When(current.Time),
        current?.Manifest is { } origin ? GenerationDiff.Origin(origin) : "",
        Phrase.Count(artifact.Count),
    ];
}
