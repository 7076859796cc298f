using Pipeline.Host.Dashboard.Artifacts;
using Pipeline.Host.Dashboard.Live;
using Pipeline.Host.Dashboard.Reports;
using Pipeline.Host.Terminal;
using Pipeline.Scoring.Report;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Pages;

/// <summary>One artifact: its generations, and of one of them all that its manifest says, what differs from the one before, and rows.</summary>
sealed class ArtifactPage : IPage
{
    public string Path => "/artifacts/{dataset}/{**folder}";

    public PageContent Render(PageRequest request)
    {
        var artifact = ArtifactView.Find(request, request.Route("dataset"), request.Route("folder"));
        var shown = artifact.Generation(request.Query("generation") ?? artifact.Current?.Name ?? artifact.Generations[0].Name);
        return new PageContent($"{artifact.Dataset}/{artifact.Folder}",
        [
            new Element("p") { ("class", "lead"), $"{char.ToUpperInvariant(artifact.Title[0])}{artifact.Title[1..]}. ", Show.Link($"/artifacts?dataset={Uri.EscapeDataString(artifact.Dataset)}", "All artifacts") },
            Show.Live("generations", GenerationTable.Of(request, artifact, shown)),
            new Element("h2") { ("id", "shown"), $"Generation {shown.Name} ", Show.State(shown.State) },
            Links(artifact, shown),
            .. shown.Manifest is { } manifest
                ? [Contents(), Difference(request, artifact, shown, manifest), .. ManifestSections.Of(manifest, artifact.Dataset), Preview.Of(request, artifact, shown, manifest)]
                : (IEnumerable<Markup>)[new Element("p") { ("class", "notice"), Problem(shown) }],
        ])
        { Events = RunEvents.All };
    }

    static Element Contents() => new("nav")
    {
        ("class", "contents"),
        ("aria-label", "Parts of this page"),
        new[] { ("#difference", "Difference"), ("#facts", "What it is"), ("#schema", "Schema"), ("#inputs", "Made from"), ("#options", "Options"), ("#parts", "Parts"), ("#rows", "Rows") }
            .Select(part => (Markup)Show.Link(part.Item1, part.Item2)),
    };

    static Element Links(ArtifactView artifact, GenerationView shown)
    {
        var links = new Element("p") { shown.Run is { } run ? new Element("span") { "Made by run ", Show.Run(run), $" at {Phrase.Time(shown.Time)}. " } : $"Made {Phrase.Time(shown.Time)}; the ledger does not say by which run. " };
        if (artifact.Folder == ReportPlaces.Folder && shown.Manifest is not null)
        {
            links.Add(Show.Link(ReportPlaces.Address(artifact.Dataset, shown.Name), "Open the report"));
        }

        return links;
    }

    static string Problem(GenerationView shown) => shown.Folder.State == GenerationState.Finished
        ? $"{ManifestFile.Name} {shown.Problem}. The stage makes this generation anew: pipeline run --force"
        : "It is being made, or the run that made it did not end well.";

    static Element Difference(PageRequest request, ArtifactView artifact, GenerationView shown, Manifest manifest)
    {
        var other = request.Query("against") is { } name ? artifact.Generation(name) : artifact.Before(shown);
        if (other?.Manifest is not { } before)
        {
            return Show.Section("difference", "Difference", HtmlPage.Paragraph("There is no earlier generation to compare with."));
        }

        var changes = GenerationDiff.Of(before, manifest);
        return Show.Section(
            "difference",
            "Difference",
            Against(artifact, shown, other),
            changes.Count == 0
                ? HtmlPage.Paragraph("Nothing that a manifest tells of.")
                : HtmlPage.Table($"{Numbers.Of(changes.Count, "change")} from {other.Name} to {shown.Name}.", ["what", "before", "now"], changes.Select(change => (IReadOnlyList<string>)[change.What, change.Before, change.Now])));
    }

    static Element Against(ArtifactView artifact, GenerationView shown, GenerationView other) => FormField.Ask(
        ArtifactView.Address(artifact.Dataset, artifact.Folder),
        "Compare",
        FormField.Hidden("generation", shown.Name),
        FormField.Choice(
            "against", "Compared with", artifact.Generations.Where(each => each.Manifest is not null && each != shown).Select(each => (each.Name, $"{each.Name}, {Phrase.Time(each.Time)}")), other.Name));
}
