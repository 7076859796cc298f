namespace Pipeline.Stages;

/// <summary>Takes `current` back to generations that were published before and pins it there; releases pins.</summary>
public sealed class Rollback(DataRoot root, TimeProvider clock)
{
    readonly Ledger ledger = new(root, clock);

    /// <summary>All artifacts go back together: they are pinned in one step, then every `current` moves.</summary>
    /// <param name="artifact">Folder of the only one to go back; null for all that the dataset publishes.</param>
    /// <param name="to">Name of a generation, the beginning of it, or the run that published it; null for what was published before.</param>
    /// <exception cref="PipelineException">
    /// The dataset is being written (Busy), there is nothing to go back to or it is incomplete or damaged (InputMissing), or it was never
    /// published (CheckFailed). Nothing has changed then.
    /// </exception>
    public IReadOnlyList<CurrentChange> Back(StageGraph graph, string? artifact, string? to, LockHolder holder)
    {
        var artifacts = Artifacts(graph, artifact);
        using var held = DatasetLock.Take(root, graph.Dataset, holder);
        var pins = Pins.Read(root, graph.Dataset);
        var targets = new RollbackTarget(root, graph, artifacts, pins, Publication.Of(ledger.Read(), graph.Dataset)).Find(to);
        foreach (var (folder, name) in targets)
            RequireComplete(graph.Dataset, folder, name);
        var changes = artifacts.Select(each => new CurrentChange(each.Folder, root.Current(graph.Dataset, each), targets[each.Folder])).ToList();
        foreach (var (folder, name) in targets)
            pins[folder] = name;
        held.Do(() =>
        {
            // Told first and decided by the pins: if it is broken off after that, the next run or the same once more finishes it.
            held.RequireHeld();
            Tell(LedgerEvent.RolledBack, graph.Dataset, targets, holder);
            Pins.Write(root, graph.Dataset, pins, held.Staging);
            Point(graph, artifacts, targets, held.Staging);
        });
        return changes;
    }

    /// <summary>Lets `current` move again; the next run that publishes moves it.</summary>
    /// <param name="artifact">Folder of the only one to release; null for all of the dataset.</param>
    /// <returns>What was pinned.</returns>
    /// <exception cref="PipelineException">The dataset is being written (Busy).</exception>
    public IReadOnlyDictionary<string, string> Release(StageGraph graph, string? artifact, LockHolder holder)
    {
        var only = artifact is null ? null : Artifacts(graph, artifact)[0].Folder;
        using var held = DatasetLock.Take(root, graph.Dataset, holder);

        // All of them are released without a look at the file, which may be damaged.
        var pins = only is null ? Readable(graph.Dataset) : Pins.Read(root, graph.Dataset);
        var released = pins.Where(pin => only is null || pin.Key == only).ToDictionary();
        held.Do(() =>
        {
            held.RequireHeld();
            if (released.Count > 0)
                Tell(LedgerEvent.Released, graph.Dataset, released, holder);
            Pins.Write(root, graph.Dataset, pins.Where(pin => !released.ContainsKey(pin.Key)).ToDictionary(), held.Staging);
        });
        return released;
    }

    internal static IReadOnlyList<Artifact> Artifacts(StageGraph graph, string? folder)
    {
        var published = graph.Stages.SelectMany(stage => stage.Publishes).ToList();
        if (folder is null)
            return published.Count > 0 ? published : throw new PipelineException(ExitCode.Usage, $"{graph.Dataset} publishes no list. Name the artifact that is to go back.");
        var all = graph.Stages.SelectMany(stage => stage.Writes).ToList();
        return all.Find(known => known.Folder == folder) is { } found
            ? [found]
            : throw new PipelineException(ExitCode.Usage, $"{graph.Dataset} has no artifact '{folder}'.{NearestNames.Hint(folder, all.Select(known => known.Folder))}");
    }

    SortedDictionary<string, string> Readable(string dataset)
    {
        try
        {
            return Pins.Read(root, dataset);
        }
        catch (PipelineException)
        {
            return new(StringComparer.Ordinal) { ["(damaged)"] = "" };
        }
    }

    static void Point(StageGraph graph, IReadOnlyList<Artifact> artifacts, SortedDictionary<string, string> targets, Staging staging)
    {
        try
        {
            foreach (var (index, artifact) in artifacts.Index())
            {
                if (index > 0)
                    CrashPoint.Reached(CrashPoint.PublishBetween);
                staging.Point(artifact, targets[artifact.Folder]);
            }
        }
        catch (IOException error)
        {
            throw new PipelineException(
                StageFailures.CodeOf(error, ExitCode.StageFailed),
                $"{error.Message.TrimEnd('.')}. The pins are set, but not every current may have moved; the next run moves it, or: "
                    + $"pipeline rollback {graph.Dataset}{(artifacts.Count == 1 ? $" {artifacts[0].Folder}" : "")} --to {targets.Values.First()}",
                error);
        }
    }

    void RequireComplete(string dataset, string folder, string name)
    {
        if (new Verifier(root).Glance(dataset, folder, name) is { } finding)
            throw new PipelineException(ExitCode.InputMissing, $"{finding}. A damaged generation is not made current. See which are sound: pipeline verify {dataset}");
    }

    void Tell(LedgerEvent what, string dataset, IReadOnlyDictionary<string, string> generations, LockHolder holder) => ledger.Append(new LedgerEntry
    {
        Event = what,
        Datasets = [dataset],
        Generations = generations,
        Arguments = holder.Command.Split(' '),
        Pid = holder.Pid,
        Host = holder.Host,
    });
}

/// <param name="Artifact">Folder below the dataset's.</param>
/// <param name="From">Where `current` pointed before; null for nowhere.</param>
/// <param name="To">Where it points now.</param>
public sealed record CurrentChange(string Artifact, string? From, string To);
