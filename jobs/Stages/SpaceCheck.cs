namespace Pipeline.Stages;

/// <summary>
/// Refuses a run for which the disk has no room, before it begins: what it makes lies beside what it replaces. What a stage will write is
/// taken to be what it wrote last; of one that never ran nothing is known.
/// </summary>
static class SpaceCheck
{
    /// <exception cref="PipelineException">There is less room than the present generations take (OutOfSpace).</exception>
    public static void Require(DataRoot root, Plan plan)
    {
        if (!Directory.Exists(root.Path))
            return;
        var needed = plan.Selected.Where(node => node.Action == PlanAction.Run)
            .Sum(node => node.Node.Stage.Writes.Sum(artifact => BytesOfLast(root, node.Node.Dataset, artifact)));
        var free = new DriveInfo(root.Path).AvailableFreeSpace;
        if (needed > free)
            throw new PipelineException(
                ExitCode.OutOfSpace,
                $"{root.Path}: this run writes about {needed:N0} bytes, by what its stages wrote last, and {free:N0} are free. Nothing was started. Make room (pipeline prune), then run again.");
    }

    static long BytesOfLast(DataRoot root, string dataset, Artifact artifact) =>
        root.CurrentFolder(dataset, artifact) is { } folder && ManifestFile.TryRead(folder, out _) is { } manifest ? manifest.Bytes : 0;
}
