using Pipeline.Host.Terminal;
using Pipeline.Scoring.Report;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Lineage;

/// <summary>One stage of the present configuration: how it stands and why, when it was last made, what it reads and writes, and buttons that run it.</summary>
static class StageDetails
{
    public static Element Of(PageRequest request, StageGraph graph, IStage stage, StageStatus state)
    {
        var path = graph.PathOf(stage);
        var facts = new Element("dl")
        {
            Fact("State", Show.State(state.State), state.Why.Length > 0 ? $" {state.Why}" : ""),
            Fact("Last made", LastMade(request, graph, stage), MadeIn(request, graph, stage)),
            Fact("Reads", [.. stage.Reads.Concat(stage.Publishes).Select(artifact => Link(graph, artifact)), .. stage.RawFolders.Select(folder => (Markup)folder)]),
            Fact(stage.Writes.Count > 0 ? "Writes" : "Publishes", [.. stage.Writes.Concat(stage.Publishes).Select(artifact => Link(graph, artifact))]),
            Fact("Version", $"{stage.Version}"),
        };
        var section = HtmlPage.Section(path, facts, Buttons(request, path));
        section.Add(("id", "details"));
        return section;
    }

    public static Element Buttons(PageRequest request, string path) => new("div")
    {
        ("class", "actions"),
        request.Form("/runs", new Element("button") { ("type", "submit"), ("aria-label", $"Run {path} and what it needs"), "Run up to here" }, [("selection", $"+{path}")]),
        request.Form("/runs", new Element("button") { ("type", "submit"), ("aria-label", $"Rerun from {path} on"), "Rerun from here" }, [("selection", $"{path}+"), ("force", "on")]),
    };

    /// <summary>When the generation in use was finished, and how long ago; empty if there is none.</summary>
    public static string LastMade(PageRequest request, StageGraph graph, IStage stage)
    {
        if (Current(request, graph, stage) is not { } folder)
        {
            return "";
        }

        var manifest = new FileInfo(Path.Combine(folder, ManifestFile.Name));
        return manifest.Exists ? $"{Phrase.Time(manifest.LastWriteTimeUtc)}, {Show.Ago(request.Clock.GetUtcNow(), manifest.LastWriteTimeUtc)}" : "";
    }

    static Markup MadeIn(PageRequest request, StageGraph graph, IStage stage) =>
        Current(request, graph, stage) is { } folder && request.Ledger.MakerOf(Path.GetFileName(folder)) is { } maker
            ? new Element("span") { "in ", Show.Link(Address.StageOfRun(maker.Run, graph.PathOf(stage)), maker.Run) }
            : "";

    static string? Current(PageRequest request, StageGraph graph, IStage stage) =>
        stage.Writes.Count == 0 ? null : request.Root.CurrentFolder(graph.Dataset, stage.Writes[0]);

    static Markup Link(StageGraph graph, Artifact artifact) => Show.Link(Address.Artifact(graph.Dataset, artifact), artifact.Folder);

    static Element Fact(string name, params IReadOnlyList<Markup> values) => new("div")
    {
        new Element("dt") { name },
        new Element("dd") { values.SelectMany((value, i) => i == 0 ? [value] : (Markup[])[" ", value]) },
    };
}
