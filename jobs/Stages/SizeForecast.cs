using System.Text.Json.Nodes;

namespace Pipeline.Stages;

/// <summary>
/// About how large the outputs of every node of a plan will be. What is there is looked up. Of what is to be made its stage says what it
/// makes of such inputs; how wrong it was about the generation in use, if that had the same options, it is taken to be again.
/// </summary>
sealed class SizeForecast
{
    readonly DataRoot root;
    readonly Dictionary<(StageNode Node, Artifact Artifact), DataSize> sizes = [];

    public SizeForecast(DataRoot root, Plan plan)
    {
        this.root = root;
        foreach (var planned in plan.Nodes)
        {
            var now = Estimate(planned.Node.Stage, planned.Inputs.Select(input => (input.Artifact, sizes.GetValueOrDefault((input.Writer, input.Artifact)))), planned.RawFolders);
            foreach (var artifact in planned.Node.Stage.Writes)
                sizes[(planned.Node, artifact)] = Existing(planned, artifact) ?? (now is null ? new DataSize(0) : Corrected(planned, artifact, now[artifact]));
        }
    }

    public DataSize Of(StageNode node, Artifact artifact) => sizes[(node, artifact)];

    DataSize? Existing(PlannedNode planned, Artifact artifact) => planned.Action == PlanAction.Run
        ? null
        : Found(root.Generation(planned.Node.Dataset, artifact, planned.Fingerprint));

    static DataSize? Found(string folder) => ManifestFile.TryRead(folder, out _) is { } manifest ? DataSize.Of(manifest) : null;

    /// <summary>Null if an input is not known.</summary>
    static Dictionary<Artifact, DataSize>? Estimate(IStage stage, IEnumerable<(Artifact Artifact, DataSize? Size)> inputs, IReadOnlyList<RawFolder> raw)
    {
        var known = new Dictionary<Artifact, DataSize>();
        foreach (var (artifact, size) in inputs)
        {
            if (size is null)
                return null;
            known.TryAdd(artifact, size);
        }

        var estimated = stage.Sizes(new InputSizes(known, DataSize.Of(raw)));
        return stage.Writes.Index().ToDictionary(artifact => artifact.Item, artifact => estimated.Count > 0 ? estimated[artifact.Index] : new DataSize(0));
    }

    /// <summary>Of raw folders nobody knows any more how large they were, so what is made of them is not corrected.</summary>
    DataSize Corrected(PlannedNode planned, Artifact artifact, DataSize now)
    {
        var (dataset, stage) = (planned.Node.Dataset, planned.Node.Stage);
        if (stage.RawFolders.Count > 0 || root.CurrentFolder(dataset, artifact) is not { } folder || ManifestFile.TryRead(folder, out _) is not { } last
            || last.StageVersion != stage.Version || !JsonNode.DeepEquals(last.Options, planned.Options))
            return now;
        var inputs = stage.Reads.Select(input => (input, last.Parents.FirstOrDefault(parent => parent.Name == input.Folder) is { Fingerprint.Length: >= DataRoot.NameLength } parent
            ? Found(root.Generation(dataset, input, parent.Fingerprint))
            : null));
        return Estimate(stage, inputs, []) is { } then && then[artifact].Bytes > 0 ? now with { Bytes = (long)((double)now.Bytes * last.Bytes / then[artifact].Bytes) } : now;
    }
}
