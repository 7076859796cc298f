using Pipeline.Host.Dashboard.Lineage;
using Pipeline.Host.Dashboard.Live;
using Pipeline.Scoring.Report;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Pages;

/// <summary>What a dataset's stages read and write, which of them are stale and why: as a graph, and behind it as a table.</summary>
sealed class LineagePage : IPage
{
    public string Path => "/lineage";

    public PageContent Render(PageRequest request)
    {
        var dataset = DatasetChoice.Of(request);
        var plan = request.Plans.Of(dataset.Name);
        var graph = plan?.Graph ?? request.Session.Graph(dataset);
        var states = States(request, dataset.Name, graph, plan);
        var chosen = request.Query("stage");
        var stage = chosen is null ? null : graph.Stages.FirstOrDefault(each => graph.PathOf(each) == chosen)
            ?? throw new PipelineException(ExitCode.Usage, $"{dataset.Name} has no stage '{chosen}'. It has {string.Join(", ", graph.Stages.Select(each => each.Name))}.");
        return new PageContent(
            $"Lineage of {dataset.Name}",
            DatasetChoice.Links(request, dataset, name => Address.Lineage(name)),
            Show.Live("lead", Lead(plan, states)),
            Show.Live("graph", new LineageDrawing(graph, states, chosen).Draw()),
            Show.Live("details", stage is null ? [HtmlPage.Paragraph("Choose a stage to see why it is stale, when it was last made, and to run it.")] : [StageDetails.Of(request, graph, stage, states[chosen!])]),
            new Element("details") { new Element("summary") { "The same as a table" }, Show.Live("table", Table(request, graph, states)) })
        { Events = RunEvents.All };
    }

    static Dictionary<string, StageStatus> States(PageRequest request, string dataset, StageGraph graph, DatasetPlan? plan)
    {
        var last = request.Ledger.Runs().LastOrDefault(run => run.Datasets.Contains(dataset)) is { } headline ? request.Ledger.Find(headline.Run) : null;
        return plan?.Plan is { } known
            ? DatasetStatus.StagesOf(known, last).ToDictionary(stage => stage.Stage, StringComparer.Ordinal)
            : graph.Stages.Select(graph.PathOf).ToDictionary(path => path, path => new StageStatus(path, "unknown", ""), StringComparer.Ordinal);
    }

    static Element Lead(DatasetPlan? plan, Dictionary<string, StageStatus> states) => plan switch
    {
        null => new Element("p") { ("class", "notice"), "The plan is being worked out: raw files are read for the first time. Load the page again in a moment." },
        { Problem: { } problem } => new Element("p") { ("class", "notice"), problem },
        _ => Show.Line("lead", [.. states.Values.GroupBy(stage => stage.State).Select(stages => (Markup)new Element("span") { $"{stages.Count()} ", Show.State(stages.Key) })]),
    };

    static Element Table(PageRequest request, StageGraph graph, Dictionary<string, StageStatus> states) => Show.Table(
        "Stages in the order of running.",
        ["stage", "state", "why", "reads", "writes", "last made", "run"],
        graph.Stages.Select(stage => (Stage: stage, Path: graph.PathOf(stage))).Select(each => (IReadOnlyList<Markup>)
        [
            Show.Link(Address.Lineage(graph.Dataset, each.Path), each.Stage.Name),
            Show.State(states[each.Path].State),
            new Element("span") { ("class", "why"), states[each.Path].Why },
            string.Join(' ', each.Stage.Reads.Concat(each.Stage.Publishes).Select(artifact => artifact.Folder)),
            string.Join(' ', each.Stage.Writes.Select(artifact => artifact.Folder)),
            StageDetails.LastMade(request, graph, each.Stage),
            StageDetails.Buttons(request, each.Path),
        ]));
}
