namespace Pipeline.Stages;

/// <summary>The stages of one dataset in the order in which they can run. What does not fit together is refused here, before anything runs.</summary>
public sealed class StageGraph
{
    readonly Dictionary<string, IStage> writerOf;
    readonly Dictionary<string, IStage> publisherOf;
    readonly Dictionary<string, IReadOnlyList<IStage>> before = new(StringComparer.Ordinal);
    readonly Dictionary<string, IReadOnlyList<StageNode>> nodesOf = new(StringComparer.Ordinal);

    /// <param name="dataset">Folder below the data root: "spotify".</param>
    /// <param name="stages">In any order; among stages that could run next, the one named first here goes first.</param>
    /// <param name="seeds">At least one, all different. The first one publishes.</param>
    /// <exception cref="PipelineException">Two writers, a cycle, or something read or published that nobody writes.</exception>
    public StageGraph(string dataset, IReadOnlyList<IStage> stages, IReadOnlyList<int> seeds)
    {
        Dataset = dataset;
        Seeds = seeds;
        StageGraphRules.CheckNames(dataset, stages, seeds);
        writerOf = StageGraphRules.Writers(dataset, stages);
        publisherOf = StageGraphRules.Publishers(dataset, stages, writerOf);
        foreach (var stage in stages)
        {
            StageGraphRules.CheckReads(dataset, stage, writerOf);
            before[stage.Name] = [.. stage.Reads.Concat(stage.Publishes).Select(WriterOf).Distinct()];
        }

        Stages = StageGraphRules.Order(stages, Before);
        foreach (var stage in Stages)
            nodesOf[stage.Name] = [.. MakeNodes(stage)];
        Nodes = [.. Stages.SelectMany(NodesOf)];
    }

    public string Dataset { get; }

    public IReadOnlyList<int> Seeds { get; }

    /// <summary>Each after all that it depends on.</summary>
    public IReadOnlyList<IStage> Stages { get; }

    /// <summary>In the order of the stages, then of the seeds.</summary>
    public IReadOnlyList<StageNode> Nodes { get; }

    public string PathOf(IStage stage) => $"{Dataset}/{stage.Name}";

    public IReadOnlyList<StageNode> NodesOf(IStage stage) => nodesOf[stage.Name];

    public IStage WriterOf(Artifact artifact) => writerOf[artifact.Folder];

    /// <summary>The stage that moves `current` of an artifact: its publisher, else its writer.</summary>
    public IStage MoverOf(Artifact artifact) => publisherOf.GetValueOrDefault(artifact.Folder) ?? WriterOf(artifact);

    /// <summary>The stages whose outputs a stage reads or publishes, without those before them.</summary>
    public IReadOnlyList<IStage> Before(IStage stage) => before[stage.Name];

    /// <summary>The stages that read or publish what a stage writes, without those after them.</summary>
    public IReadOnlyList<IStage> After(IStage stage) => [.. Stages.Where(other => Before(other).Contains(stage))];

    /// <summary>The nodes whose generations a node reads, in the order of Reads, then of the seeds.</summary>
    public IReadOnlyList<(Artifact Artifact, StageNode Writer)> InputsOf(StageNode node) => [.. node.Stage.Reads.SelectMany(artifact => PinsOf(node, artifact))];

    /// <summary>The nodes that have to be done before a node runs: the writers of what it reads or publishes.</summary>
    public IEnumerable<StageNode> UpstreamOf(StageNode node) => InputsOf(node).Select(input => input.Writer).Concat(node.Stage.Publishes.Select(CurrentOf)).Distinct();

    /// <summary>The node whose generation `current` of an artifact is to point at: the first seed's.</summary>
    public StageNode CurrentOf(Artifact artifact) => NodesOf(WriterOf(artifact))[0];

    /// <summary>The artifacts whose `current` a node moves when it is done.</summary>
    public IReadOnlyList<Artifact> MovedBy(StageNode node) => NodesOf(node.Stage)[0] != node
        ? []
        : [.. node.Stage.Writes.Where(artifact => MoverOf(artifact) == node.Stage), .. node.Stage.Publishes];

    IEnumerable<(Artifact Artifact, StageNode Writer)> PinsOf(StageNode reader, Artifact artifact)
    {
        var writers = NodesOf(WriterOf(artifact));
        var pinned = WriterOf(artifact).Seeds != SeedScope.Each || reader.Stage.Seeds == SeedScope.All
            ? writers
            : writers.Where(writer => writer.Seed == reader.Seed);
        return pinned.Select(writer => (artifact, writer));
    }

    IEnumerable<StageNode> MakeNodes(IStage stage) => stage.Seeds switch
    {
        SeedScope.None => [new StageNode(Dataset, stage, null, [], isOneOfSeveral: false)],
        SeedScope.First => [new StageNode(Dataset, stage, Seeds[0], [Seeds[0]], isOneOfSeveral: false)],
        SeedScope.All => [new StageNode(Dataset, stage, null, Seeds, isOneOfSeveral: false)],
        _ => Seeds.Select(seed => new StageNode(Dataset, stage, seed, [seed], Seeds.Count > 1)),
    };
}
