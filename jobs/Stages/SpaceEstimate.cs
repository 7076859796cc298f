namespace Pipeline.Stages;

/// <summary>About how much room a run takes, and how much there is.</summary>
/// <param name="Needed">At its worst moment, with what is only there for a while: checkpoints, and what it is about to replace.</param>
/// <param name="Written">By every node that will run: the size of its outputs.</param>
public sealed record SpaceEstimate(long Needed, long Free, IReadOnlyDictionary<StageNode, long> Written)
{
    /// <summary>The manifest, the folder, and half of a block for every file.</summary>
    const int BytesOfArtifact = 8 << 10;

    /// <param name="root">Need not be there yet.</param>
    public static SpaceEstimate Of(DataRoot root, Plan plan)
    {
        var forecast = new SizeForecast(root, plan);
        var written = new Dictionary<StageNode, long>();
        var (kept, needed) = (0L, 0L);

        // Seeds of a stage may be made at once.
        foreach (var nodes in plan.Selected.Where(node => node.Action == PlanAction.Run).GroupBy(node => node.Node.Stage))
        {
            foreach (var node in nodes)
                written[node.Node] = nodes.Key.Writes.Sum(artifact => forecast.Of(node.Node, artifact).Bytes + BytesOfArtifact);
            var (made, begun) = (nodes.Sum(node => written[node.Node]), nodes.Sum(node => BytesBegun(root, node)));
            needed = Math.Max(needed, kept + (made * nodes.Key.TimesAtPeak) - begun);
            kept += made - begun - nodes.Sum(node => BytesReplaced(root, node));
        }

        return new SpaceEstimate(needed, new DriveInfo(Existing(root.Path)).AvailableFreeSpace, written);
    }

    /// <summary>What an earlier run left unfinished.</summary>
    static long BytesBegun(DataRoot root, PlannedNode planned) =>
        planned.Node.Stage.Writes.Sum(artifact => GenerationWriter.BytesLeft(root, planned.Node.Dataset, artifact, planned.Fingerprint));

    /// <summary>Of a generation that is made again.</summary>
    static long BytesReplaced(DataRoot root, PlannedNode planned) => planned.Node.Stage.Writes
        .Select(artifact => root.Generation(planned.Node.Dataset, artifact, planned.Fingerprint)).Where(Directory.Exists)
        .Sum(folder => Pruner.Size(new DirectoryInfo(folder)));

    /// <summary>The folder itself or the nearest one above it that is there.</summary>
    static string Existing(string folder) => Directory.Exists(folder) ? folder : Existing(Path.GetDirectoryName(folder) ?? "/");
}
