namespace Pipeline.Stages;

/// <summary>Compares what the present configuration asks for with what lies on the disk. Reads only (and keeps hashes of raw files).</summary>
public sealed class Planner(DataRoot root, TimeProvider clock)
{
    /// <param name="graphs">All datasets that a word may name.</param>
    /// <param name="words">Selection; none means everything.</param>
    /// <param name="isForced">Selected stages run although they are fresh.</param>
    /// <exception cref="PipelineException">
    /// A word fits nothing (Usage); a raw folder is absent, or a stage is selected without one that it needs first (InputMissing).
    /// </exception>
    public Plan Make(IReadOnlyList<StageGraph> graphs, IReadOnlyList<string> words, bool isForced = false)
    {
        var selection = Selection.Parse(words, graphs);
        var raw = new RawFolders(root, clock);
        var reasons = new PlanReasons(root, raw);
        var planned = new Dictionary<StageNode, PlannedNode>();
        foreach (var graph in selection.Graphs)
        {
            foreach (var node in graph.Nodes)
            {
                List<RawFolder> rawFolders = [.. node.Stage.RawFolders.Select(folder => raw.Read(node.Dataset, folder))];
                planned[node] = Evaluate(graph, node, rawFolders, planned, reasons);
            }
        }

        raw.Save();
        var selected = selection.Resolve((graph, stage) => graph.NodesOf(stage).Any(node => planned[node].Action != PlanAction.Skip));
        var plan = new Plan(selection.Graphs, [.. planned.Values.Select(node => Select(node, selected.Contains(node.Node.Path), isForced))]);
        CheckReady(plan);
        return plan;
    }

    static PlannedNode Select(PlannedNode node, bool isSelected, bool isForced) => (isSelected, isForced, node.Action) switch
    {
        (false, _, _) => node,
        (true, true, PlanAction.Skip or PlanAction.Point) => node with { IsSelected = true, Action = PlanAction.Run, Reason = "forced" },
        _ => node with { IsSelected = true },
    };

    PlannedNode Evaluate(
        StageGraph graph, StageNode node, List<RawFolder> rawFolders, Dictionary<StageNode, PlannedNode> planned, PlanReasons reasons)
    {
        var options = Fingerprint.Options(node.Stage);
        var inputs = graph.InputsOf(node).Select(input => new PinnedInput(input.Artifact, input.Writer, planned[input.Writer].Fingerprint)).ToList();
        List<ManifestParent> parents =
        [
            .. inputs.Select(input => new ManifestParent(input.Artifact.Folder, input.Writer.Seed, input.Fingerprint)),
            .. rawFolders.Select(folder => new ManifestParent(folder.Name, null, folder.Digest)),
        ];
        var upstream = graph.UpstreamOf(node).Select(writer => planned[writer]).ToList();
        var draft = new PlannedNode
        {
            Node = node,
            Fingerprint = Fingerprint.Of(node, options, parents),
            Action = PlanAction.Run,
            Reason = "",
            Options = options,
            Inputs = inputs,
            Parents = parents,
        };
        return node.Stage.Writes.Count > 0
            ? OfOutputs(graph, draft, planned, incomplete => reasons.Why(draft, incomplete, upstream, rawFolders))
            : OfPublisher(graph, draft, upstream, planned);
    }

    PlannedNode OfOutputs(StageGraph graph, PlannedNode draft, Dictionary<StageNode, PlannedNode> planned, Func<Artifact, string> why)
    {
        var node = draft.Node;
        var incomplete = node.Stage.Writes.FirstOrDefault(artifact => !IsComplete(node.Dataset, artifact, draft.Fingerprint));
        if (incomplete is not null)
            return draft with { Reason = why(incomplete) + (IsResuming(draft) ? "; goes on from what an earlier run left" : "") };
        return graph.MovedBy(node).FirstOrDefault(artifact => !root.IsCurrent(node.Dataset, artifact, Pinned(graph.CurrentOf(artifact)))) is { } elsewhere
            ? draft with { Action = PlanAction.Point, Reason = $"made earlier; current of {elsewhere.Folder} moves back to it" }
            : draft with { Action = PlanAction.Skip, Reason = "up to date" };

        string Pinned(StageNode writer) => writer == node ? draft.Fingerprint : planned[writer].Fingerprint;
    }

    PlannedNode OfPublisher(StageGraph graph, PlannedNode draft, List<PlannedNode> upstream, Dictionary<StageNode, PlannedNode> planned)
    {
        var dataset = draft.Node.Dataset;
        if (upstream.Find(writer => writer.Action == PlanAction.Run) is { } stale)
            return draft with { Reason = $"{stale.Node.Path} will run" };
        if (root.Passed(dataset, draft.Node.Stage) is var passed && passed != draft.Fingerprint)
            return draft with { Reason = passed is null ? "never published" : "its inputs, options or version changed since it last passed" };
        return draft.Node.Stage.Publishes.FirstOrDefault(artifact => !root.IsCurrent(dataset, artifact, planned[graph.CurrentOf(artifact)].Fingerprint)) is { } elsewhere
            ? draft with { Reason = $"another generation of {elsewhere.Folder} is current" }
            : draft with { Action = PlanAction.Skip, Reason = "up to date" };
    }

    bool IsComplete(string dataset, Artifact artifact, string fingerprint) =>
        ManifestFile.TryRead(root.Generation(dataset, artifact, fingerprint), out _)?.Fingerprint == fingerprint;

    bool IsResuming(PlannedNode node) => node.Node.Stage.IsResumable
        && node.Node.Stage.Writes.Select(artifact => root.Partial(node.Node.Dataset, artifact, node.Fingerprint))
            .Any(partial => Directory.Exists(partial) && Directory.EnumerateFileSystemEntries(partial).Any());

    /// <summary>What will run must find its inputs: made already, or selected too.</summary>
    static void CheckReady(Plan plan)
    {
        foreach (var node in plan.Selected.Where(node => node.Action == PlanAction.Run))
        {
            var graph = plan.Graphs.First(graph => graph.Dataset == node.Node.Dataset);
            foreach (var writer in graph.UpstreamOf(node.Node).Select(plan.Of))
            {
                if (writer is { IsSelected: false, Action: PlanAction.Run })
                    throw new PipelineException(
                        ExitCode.InputMissing,
                        $"{node.Node.Path} needs {writer.Node.Title} first, which is not selected ({writer.Reason}). Select what comes before too: +{node.Node.Path}");
            }
        }
    }
}
