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
            var pins = Pins.Read(root, graph.Dataset);
            foreach (var node in graph.Nodes)
            {
                List<RawFolder> rawFolders = [.. node.Stage.RawFolders.Select(folder => raw.Read(node.Dataset, folder, node.Stage.RawOption))];
                planned[node] = Evaluate(graph, node, rawFolders, planned, pins, reasons);
            }
        }

        raw.Save();
        var selected = selection.Resolve((graph, stage) => graph.NodesOf(stage).Any(node => planned[node].Action != PlanAction.Skip));
        var plan = new Plan(selection.Graphs, [.. planned.Values.Select(node => Select(node, selected.Contains(node.Node.Path), isForced))]);
        CheckReady(plan);
        return plan;
    }

    static PlannedNode Select(PlannedNode node, bool isSelected, bool isForced)
    {
        var selected = (isSelected, isForced, node.Action) switch
        {
            (false, _, _) => node,
            (true, true, PlanAction.Skip or PlanAction.Point) => node with { IsSelected = true, Action = PlanAction.Run, Reason = "forced" },
            _ => node with { IsSelected = true },
        };
        return selected with { Reason = string.Concat([selected.Reason, .. node.Moves.Where(move => move.IsPinned).Select(move => $"; {move.Artifact.Folder} is pinned at {move.Generation}")]) };
    }

    PlannedNode Evaluate(
        StageGraph graph,
        StageNode node,
        List<RawFolder> rawFolders,
        Dictionary<StageNode, PlannedNode> planned,
        SortedDictionary<string, string> pins,
        PlanReasons reasons)
    {
        var options = Fingerprint.Options(node.Stage);
        var inputs = graph.InputsOf(node).Select(input => new PinnedInput(input.Artifact, input.Writer, planned[input.Writer].Fingerprint)).ToList();
        List<ManifestParent> parents =
        [
            .. inputs.Select(input => new ManifestParent(input.Artifact.Folder, input.Writer.Seed, input.Fingerprint)),
            .. rawFolders.Select(folder => new ManifestParent(folder.Name, null, folder.Digest)),
        ];
        var upstream = graph.UpstreamOf(node).Select(writer => planned[writer]).ToList();
        var fingerprint = Fingerprint.Of(node, options, parents);
        var draft = new PlannedNode
        {
            Node = node,
            Fingerprint = fingerprint,
            Action = PlanAction.Run,
            Reason = "",
            Options = options,
            Inputs = inputs,
            Parents = parents,
            RawFolders = rawFolders,
            Moves = [.. graph.MovedBy(node).Select(artifact => MoveOf(artifact, graph.CurrentOf(artifact)))],
        };
        return node.Stage.Writes.Count > 0 ? OfOutputs(draft, incomplete => reasons.Why(draft, incomplete, upstream, rawFolders)) : OfPublisher(draft, upstream);

        CurrentMove MoveOf(Artifact artifact, StageNode writer)
        {
            if (!pins.TryGetValue(artifact.Folder, out var pin))
                return new CurrentMove(artifact, (writer == node ? fingerprint : planned[writer].Fingerprint)[..DataRoot.NameLength], IsPinned: false);
            return Directory.Exists(root.Generation(node.Dataset, artifact, pin)) ? new CurrentMove(artifact, pin, IsPinned: true) : throw new PipelineException(
                ExitCode.InputMissing,
                $"{node.Dataset}/{artifact.Folder} is pinned at {pin}, which is not there any more. Release it: pipeline rollback {node.Dataset} {artifact.Folder} --release");
        }
    }

    PlannedNode OfOutputs(PlannedNode draft, Func<Artifact, string> why)
    {
        var node = draft.Node;
        var incomplete = node.Stage.Writes.FirstOrDefault(artifact => !IsComplete(node.Dataset, artifact, draft.Fingerprint));
        if (incomplete is not null)
            return draft with { Reason = why(incomplete) + (IsResuming(draft) ? "; goes on from what an earlier run left" : "") };
        return Elsewhere(draft) is { } elsewhere
            ? draft with { Action = PlanAction.Point, Reason = $"made earlier; current of {elsewhere.Folder} moves back to it" }
            : draft with { Action = PlanAction.Skip, Reason = "up to date" };
    }

    PlannedNode OfPublisher(PlannedNode draft, List<PlannedNode> upstream)
    {
        var dataset = draft.Node.Dataset;
        if (upstream.Find(writer => writer.Action == PlanAction.Run) is { } stale)
            return draft with { Reason = $"{stale.Node.Path} will run" };
        if (root.Passed(dataset, draft.Node.Stage) is var passed && passed != draft.Fingerprint)
            return draft with { Reason = passed is null ? "never published" : "its inputs, options or version changed since it last passed" };
        return Elsewhere(draft) is { } elsewhere
            ? draft with { Reason = $"another generation of {elsewhere.Folder} is current" }
            : draft with { Action = PlanAction.Skip, Reason = "up to date" };
    }

    Artifact? Elsewhere(PlannedNode plan) => plan.Moves.FirstOrDefault(move => !root.IsCurrent(plan.Node.Dataset, move.Artifact, move.Generation))?.Artifact;

    bool IsComplete(string dataset, Artifact artifact, string fingerprint) =>
        ManifestFile.TryRead(root.Generation(dataset, artifact, fingerprint), out _)?.Fingerprint == fingerprint;

    bool IsResuming(PlannedNode node) => node.Node.Stage.IsResumable
        && node.Node.Stage.Writes.Any(artifact => GenerationWriter.IsLeft(root, node.Node.Dataset, artifact, node.Fingerprint));

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
                        $"{node.Node.Path} needs {writer.Node.Title} first, which is not selected ({writer.Reason}). Make what comes before too: pipeline run +{node.Node.Path}");
            }
        }
    }
}
