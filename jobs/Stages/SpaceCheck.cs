namespace Pipeline.Stages;

/// <summary>Refuses a run for which the disk has no room, before it begins.</summary>
/// <remarks>An estimate errs on both sides; who knows better can say so.</remarks>
static class SpaceCheck
{
    /// <exception cref="PipelineException">There is less room than the run takes by estimate (OutOfSpace).</exception>
    public static void Require(DataRoot root, Plan plan)
    {
        var space = SpaceEstimate.Of(root, plan);
        if (space.Needed <= space.Free)
            return;
        var datasets = string.Join(", ", space.Written.GroupBy(node => node.Key.Dataset).Select(nodes => $"{nodes.Key} {nodes.Sum(node => node.Value):N0}"));
        throw new PipelineException(
            ExitCode.OutOfSpace,
            $"{root.Path}: this run needs about {space.Needed:N0} bytes, and {space.Free:N0} are free. It writes about: {datasets}; the rest is needed for a while. "
            + "Nothing was started. Make room (pipeline prune), name another disk (--data DIR) or fewer datasets; if you know better: --set requireSpace=false");
    }
}
