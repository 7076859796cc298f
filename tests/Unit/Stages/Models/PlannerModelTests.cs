using System.Text.Json.Nodes;
using Pipeline.Stages;

namespace Pipeline.Unit.Stages.Models;

public sealed class PlannerModelTests
{
    const int Graphs = 1000;

    [Fact]
    public void Plans_of_a_thousand_random_graphs_are_those_of_a_naive_model() =>
        Chance.ForAll(Graphs, RandomGraph.Gen, graph => graph.Smaller(), Compare);

    static void Compare(RandomGraph graph)
    {
        using var folder = new TempFolder(isInMemory: true);
        var root = new DataRoot(folder.File("data"));
        var planner = new Planner(root, new HandClock());
        foreach (var node in planner.Make([graph.Graph(isNow: false)], []).Nodes.Where(node => graph.IsMade[NumberOf(node)]))
            Make(root, node);
        var naive = new NaivePlan(graph);
        var now = graph.Graph(isNow: true);

        var selected = naive.Selected();

        if (selected is null || naive.LacksInput(selected))
        {
            var error = Assert.Throws<PipelineException>(() => planner.Make([now], graph.Words));
            Assert.Equal(selected is null ? ExitCode.Usage : ExitCode.InputMissing, error.Code);
            return;
        }

        var plan = planner.Make([now], graph.Words);
        Assert.Equal(selected.Order(), plan.Selected.Select(NumberOf).Order());
        var isTouched = plan.Nodes.Count > 0;
        Assert.Equal(isTouched ? naive.Stale.Order() : [], plan.Nodes.Where(node => node.Action == PlanAction.Run).Select(NumberOf).Order());
        Assert.DoesNotContain(plan.Nodes, node => node.Action == PlanAction.Point);
        var order = plan.Nodes.Select(NumberOf).ToList();
        Assert.All(order, reader => Assert.All(order, writer => Assert.True(!graph.IsRead(reader, writer) || order.IndexOf(writer) < order.IndexOf(reader))));
    }

    static int NumberOf(PlannedNode node) => int.Parse(node.Node.Stage.Name.Split('s')[^1], System.Globalization.CultureInfo.InvariantCulture);

    static void Make(DataRoot root, PlannedNode node)
    {
        var artifact = node.Node.Stage.Writes[0];
        var generation = root.Generation("toy", artifact, node.Fingerprint);
        Directory.CreateDirectory(generation);
        ManifestFile.Write(generation, new Manifest
        {
            Artifact = artifact.Folder,
            Fingerprint = node.Fingerprint,
            Stage = node.Node.Path,
            StageVersion = node.Node.Stage.Version,
            Synthetic = false,
            Bytes = 0,
            Parts = [],
            Options = node.Options,
            Parents = node.Parents,
            Facts = new JsonObject(),
            ToolVersion = "1.0",
            Simd = "test",
        });
        root.Point("toy", artifact, node.Fingerprint);
    }
}
