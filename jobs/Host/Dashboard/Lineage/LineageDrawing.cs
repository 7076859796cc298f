using System.Globalization;
using Pipeline.Scoring.Report;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Lineage;

/// <summary>
/// The stages of a dataset as boxes with the artifacts that they write, from left to right, and lines from each artifact to the stages that read
/// it. A stage's name leads to its details, an artifact's to its page.
/// </summary>
sealed class LineageDrawing(StageGraph graph, IReadOnlyDictionary<string, StageStatus> states, string? chosen)
{
    const double BoxWidth = 142, Between = 20, Margin = 4, NameRow = 15, ArtifactRow = 14, Padding = 7;

    public Element Draw()
    {
        var stages = graph.Stages;
        var lines = stages.SelectMany((stage, from) => stage.Writes.SelectMany((artifact, port) => Readers(artifact).Select(to => new LayoutLine(from, port, to)))).ToList();
        var layout = new LayeredLayout([.. stages.Select(HeightOf)], lines);
        var (width, height) = ((layout.Columns * (BoxWidth + Between)) - Between + (2 * Margin), layout.Height + (2 * Margin));
        var svg = new Element("svg")
        {
            ("class", "lineage"),
            ("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {width:0.##} {height:0.##}")),
            ("role", "group"),
            ("aria-label", $"{stages.Count} stages of {graph.Dataset} and what they write, from left to right. The table below has the same."),
            layout.Ways.Select(way => (Markup)Way(way, layout)),
        };
        svg.Add(stages.Select((stage, i) => (Markup)Box(stage, layout.ColumnAt(i) * (BoxWidth + Between) + Margin, layout.Top(i) + Margin)));
        return new Element("div") { ("class", "scroll wide-drawing"), ("tabindex", "0"), ("role", "region"), ("aria-label", $"Graph of {graph.Dataset}"), svg };
    }

    IEnumerable<int> Readers(Artifact artifact) => graph.Stages.Index()
        .Where(stage => stage.Item.Reads.Concat(stage.Item.Publishes).Any(read => read.Folder == artifact.Folder)).Select(stage => stage.Index);

    Element Box(IStage stage, double x, double y)
    {
        var state = states[graph.PathOf(stage)];
        var link = new Element("a")
        {
            ("href", Address.Lineage(graph.Dataset, state.Stage)),
            ("aria-label", $"{stage.Name}: {state.State}{(state.Why.Length > 0 ? $", {state.Why}" : "")}"),
            new Element("title") { $"{stage.Name}: {state.State}. {state.Why}" },
            new Element("rect") { ("class", "box"), ("x", x), ("y", y), ("width", BoxWidth), ("height", HeightOf(stage)), ("rx", 4) },
        };
        var at = y + Padding + 10;
        foreach (var (row, i) in NameRows(stage).Select((row, i) => (row, i)))
        {
            link.Add(new Element("text") { ("class", "name"), ("x", x + Padding + (i == 0 ? 0 : 14)), ("y", at), i == 0 ? $"{SignOf(state.State)} {row}" : row });
            at += NameRow;
        }

        var box = new Element("g") { ("class", $"stage {state.State}{(state.Stage == chosen ? " chosen" : "")}"), link };
        foreach (var artifact in stage.Writes)
        {
            box.Add(new Element("a")
            {
                ("href", Address.Artifact(graph.Dataset, artifact)),
                ("aria-label", $"Artifact {artifact.Folder}: {artifact.Title}"),
                new Element("title") { $"{artifact.Folder}: {artifact.Title}" },
                new Element("text") { ("class", "artifact"), ("x", x + BoxWidth - Padding), ("y", at), ("text-anchor", "end"), artifact.Folder.Split('/')[^1] },
            });
            at += ArtifactRow;
        }

        return box;
    }

    Element Way(LayoutWay way, LayeredLayout layout)
    {
        var (from, to) = (graph.Stages[way.Line.From], graph.Stages[way.Line.To]);
        var x = (layout.ColumnAt(way.Line.From) * (BoxWidth + Between)) + Margin + BoxWidth;
        var y = layout.Top(way.Line.From) + Margin + Padding + (NameRows(from).Count * NameRow) + (way.Line.Port * ArtifactRow) + 6;
        var path = string.Create(CultureInfo.InvariantCulture, $"M{x:0.##} {y:0.##}");
        foreach (var passed in way.Passed)
        {
            var place = passed.Y + Margin + (passed.Height / 2);
            path += Curve(x, y, place);
            (x, y) = (x + Between + BoxWidth, place);
            path += string.Create(CultureInfo.InvariantCulture, $"H{x:0.##}");
        }

        path += Curve(x, y, layout.Top(way.Line.To) + Margin + (HeightOf(to) / 2));
        var isNear = graph.PathOf(from) == chosen || graph.PathOf(to) == chosen;
        return new Element("path") { ("class", isNear ? "way near" : "way"), ("d", path), ("aria-hidden", "true") };
    }

    static string Curve(double x, double y, double to) =>
        string.Create(CultureInfo.InvariantCulture, $"C{x + (Between / 2):0.##} {y:0.##} {x + (Between / 2):0.##} {to:0.##} {x + Between:0.##} {to:0.##}");

    static double HeightOf(IStage stage) => (2 * Padding) + (NameRows(stage).Count * NameRow) + (stage.Writes.Count * ArtifactRow);

    /// <summary>A name of two parts takes two rows.</summary>
    static IReadOnlyList<string> NameRows(IStage stage) => stage.Name.IndexOf('/') is var slash and > 0 && stage.Name.Length > 14 ? [stage.Name[..(slash + 1)], stage.Name[(slash + 1)..]] : [stage.Name];

    static string SignOf(string state) => state switch
    {
        "fresh" => "●",
        "running" => "▶",
        "cancelled" => "■",
        "failed" or "crashed" => "✕",
        _ => "○",
    };
}
