namespace Pipeline.Stages;

/// <summary>Deletes generations that nobody needs: neither current, nor pinned, nor asked for by the present configuration, nor resumable by it.</summary>
public sealed class Pruner(DataRoot root, TimeProvider clock)
{
    /// <param name="graphs">The datasets to prune; others are left alone.</param>
    /// <param name="holder">Who prunes, for the lock of each dataset.</param>
    /// <param name="isDryRun">True: only say what would go.</param>
    /// <exception cref="PipelineException">A dataset is being written (Busy), or a raw folder is absent, so that its plan is not known.</exception>
    public PruneResult Prune(IReadOnlyList<StageGraph> graphs, LockHolder holder, bool isDryRun)
    {
        var removed = new List<PrunedFolder>();
        foreach (var graph in graphs)
        {
            using var held = isDryRun ? null : DatasetLock.Take(root, graph.Dataset, holder);
            held?.Do(() => held.Staging.SpendReserve()); // A full disk has no room for the folders that things are taken away to.
            var plan = new Planner(root, clock).Make([graph], []);
            var kept = Kept(plan);
            var scan = DatasetScan.Of(root, graph.Dataset);
            kept.UnionWith(scan.Pinned.Select(pin => (pin.Key, pin.Value)));
            if (held is not null)
                removed.AddRange(held.Staging.Cleared);
            var named = graph.Stages.SelectMany(stage => stage.RawFolders).Select(Resolved).ToList();
            foreach (var folder in scan.Generations.Where(folder => !folder.IsCurrent && !kept.Contains((folder.Artifact, folder.Name)) && !IsNamed(folder, named)))
            {
                removed.Add(new PrunedFolder(graph.Dataset, folder.Artifact, folder.Name, Size(new DirectoryInfo(folder.Path))));
                held?.Do(() => held.Staging.Remove(folder.Path, folder.Artifact));
            }

            held?.Do(() => DeleteLeftovers(scan));
            held?.Do(held.Staging.KeepReserve);
        }

        return new PruneResult(removed, removed.Sum(folder => folder.Bytes));
    }

    /// <summary>Lists that an option names as a raw folder are an input like any other.</summary>
    static bool IsNamed(GenerationFolder folder, List<string> named)
    {
        var path = Resolved(folder.Path);
        return named.Exists(raw => raw == path || raw.StartsWith(path + Path.DirectorySeparatorChar, StringComparison.Ordinal));
    }

    /// <summary>Without links, so that one folder has one path.</summary>
    static string Resolved(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is not { } parent)
            return full;
        var here = Path.Combine(Resolved(parent), Path.GetFileName(full));
        return new DirectoryInfo(here).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? here;
    }

    /// <summary>Small files that were to be renamed over others when a process ended.</summary>
    void DeleteLeftovers(DatasetScan scan)
    {
        foreach (var file in scan.Leftovers.Concat(Directory.EnumerateFiles(root.Path, $".*{DataRoot.PartialSuffix}")).ToList())
            Files.Delete(file);
    }

    static HashSet<(string Artifact, string Name)> Kept(Plan plan)
    {
        var kept = new HashSet<(string Artifact, string Name)>();
        foreach (var node in plan.Nodes)
        {
            var name = node.Fingerprint[..DataRoot.NameLength];
            foreach (var artifact in node.Node.Stage.Writes)
            {
                kept.Add((artifact.Folder, name));

                // What is finished under that name needs no unfinished one: it is what a forced run left, or the one that it replaced.
                if (node.Node.Stage.IsResumable && node.Action == PlanAction.Run)
                    kept.Add((artifact.Folder, name + DataRoot.PartialSuffix));
            }
        }

        return kept;
    }

    internal static long Size(DirectoryInfo folder) => folder.EnumerateFileSystemInfos().Sum(entry => entry switch
    {
        { LinkTarget: not null } => 0,
        DirectoryInfo child => Size(child),
        FileInfo file => file.Length,
        _ => 0,
    });
}

/// <param name="Folders">What was deleted, or would be.</param>
public sealed record PruneResult(IReadOnlyList<PrunedFolder> Folders, long Bytes);

/// <param name="Name">Of the generation's folder.</param>
public sealed record PrunedFolder(string Dataset, string Artifact, string Name, long Bytes);
