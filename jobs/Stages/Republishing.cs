namespace Pipeline.Stages;

/// <summary>Plans the publishing stage of a dataset for generations made earlier: its checks look at them, and at what they were made from.</summary>
static class Republishing
{
    /// <param name="to">A generation, the beginning of its name, or a run that published it.</param>
    /// <exception cref="PipelineException">It is not there, damaged, or made from something that is not there (InputMissing); it is pinned (CheckFailed).</exception>
    public static Plan Plan(DataRoot root, StageGraph graph, string to, LedgerReading ledger)
    {
        if (graph.Stages.FirstOrDefault(stage => stage.Publishes.Count > 0) is not { } publisher)
            throw new PipelineException(ExitCode.Usage, $"{graph.Dataset} publishes no list.");
        if (publisher.Publishes.FirstOrDefault(artifact => Pins.Read(root, graph.Dataset).ContainsKey(artifact.Folder)) is { } pinned)
            throw new PipelineException(ExitCode.CheckFailed, $"{graph.Dataset}/{pinned.Folder} is pinned and would not move. Release it first: pipeline rollback {graph.Dataset} --release");
        var targets = Targets(root, graph, publisher, to, Publication.Of(ledger, graph.Dataset));
        var manifests = targets.ToDictionary(target => target.Key, target => Read(root, graph.Dataset, target.Key, target.Value), StringComparer.Ordinal);
        var ancestors = Ancestors(root, graph.Dataset, manifests.Values);
        List<PinnedInput> inputs =
        [
            .. publisher.Reads.Where(artifact => manifests.ContainsKey(artifact.Folder) || ancestors.ContainsKey(artifact.Folder))
                .Select(artifact => new PinnedInput(artifact, graph.CurrentOf(artifact), manifests.GetValueOrDefault(artifact.Folder)?.Fingerprint ?? ancestors[artifact.Folder])),
        ];
        foreach (var input in inputs)
            Read(root, graph.Dataset, input.Artifact.Folder, input.Fingerprint[..DataRoot.NameLength]);
        var node = graph.NodesOf(publisher)[0];
        var options = Fingerprint.Options(publisher);
        List<ManifestParent> parents = [.. inputs.Select(input => new ManifestParent(input.Artifact.Folder, input.Writer.Seed, input.Fingerprint))];
        return new Plan([graph],
        [
            new PlannedNode
            {
                Node = node,
                Fingerprint = Fingerprint.Of(node, options, parents),
                Action = PlanAction.Run,
                Reason = $"by hand: {string.Join(", ", targets.Select(target => $"{target.Key}/{target.Value}"))}",
                IsSelected = true,
                Options = options,
                Inputs = inputs,
                Parents = parents,
                Moves = [.. publisher.Publishes.Select(artifact => new CurrentMove(artifact, targets[artifact.Folder], IsPinned: false))],
            },
        ]);
    }

    /// <summary>What was published together with the one that is named; if that never was, it alone, and the others as they are.</summary>
    static SortedDictionary<string, string> Targets(DataRoot root, StageGraph graph, IStage publisher, string to, IReadOnlyList<Publication> history)
    {
        var meant = history.LastOrDefault(publication => publication.Has(publisher.Publishes) && publication.IsMeant(to, publisher.Publishes));
        var targets = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var isFound = meant is not null;
        foreach (var artifact in publisher.Publishes)
        {
            var folder = root.Artifact(graph.Dataset, artifact);
            var named = Directory.Exists(folder)
                ? Directory.GetDirectories(folder).Select(path => Path.GetFileName(path)).Where(name => DataRoot.IsName(name) && name.StartsWith(to, StringComparison.Ordinal)).ToList()
                : [];
            isFound |= named.Count == 1;
            targets[artifact.Folder] = meant?.Generations[artifact.Folder] ?? (named is [var only] ? only : root.Current(graph.Dataset, artifact)
                ?? throw Missing(graph.Dataset, $"{artifact.Folder} has no current generation to publish beside it. Name a run or a generation that was published"));
        }

        return isFound ? targets : throw Missing(graph.Dataset, $"there is no one generation and no run '{to}' of {string.Join(" and ", targets.Keys)}. See: pipeline runs list");
    }

    /// <summary>Fingerprints of all that lists were made from, by artifact folder.</summary>
    static Dictionary<string, string> Ancestors(DataRoot root, string dataset, IEnumerable<Manifest> lists)
    {
        var ancestors = new Dictionary<string, string>(StringComparer.Ordinal);
        var waiting = new Queue<Manifest>(lists);
        while (waiting.TryDequeue(out var manifest))
        {
            foreach (var parent in manifest.Parents.Where(parent => !parent.IsRaw))
            {
                if (!ancestors.TryAdd(parent.Name, parent.Fingerprint))
                {
                    if (ancestors[parent.Name] != parent.Fingerprint && parent.Seed is null)
                        throw new PipelineException(ExitCode.CheckFailed, $"These lists of {dataset} were made from different generations of {parent.Name}. Publish lists of one night.");
                }
                else if (ManifestFile.TryRead(root.Generation(dataset, new Artifact(parent.Name, parent.Name), parent.Fingerprint), out _) is { } found)
                {
                    waiting.Enqueue(found);
                }
            }
        }

        return ancestors;
    }

    static Manifest Read(DataRoot root, string dataset, string folder, string name) => new Verifier(root).Glance(dataset, folder, name) is { } finding
        ? throw Missing(dataset, $"{finding}. It cannot be checked. If it was published before, it can go back without: pipeline rollback {dataset} --to")
        : ManifestFile.Read(root.Generation(dataset, new Artifact(folder, folder), name));

    static PipelineException Missing(string dataset, string what) => new(ExitCode.InputMissing, $"{dataset} cannot be published: {what}.");
}
