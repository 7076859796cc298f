using System.Text.Json.Nodes;

namespace Pipeline.Stages;

/// <summary>Says in plain words why a generation has to be made, by comparing its plan with the one in use.</summary>
sealed class PlanReasons(DataRoot root, RawFolders raw)
{
    const int NamesShown = 3;

    /// <summary>Manifests of an artifact's finished generations, the newest first; read once per plan.</summary>
    readonly Dictionary<string, IReadOnlyList<Manifest>> known = new(StringComparer.Ordinal);

    /// <param name="incomplete">The output that is not there.</param>
    public string Why(PlannedNode plan, Artifact incomplete, IReadOnlyList<PlannedNode> upstream, IReadOnlyList<RawFolder> rawFolders)
    {
        var generation = root.Generation(plan.Node.Dataset, incomplete, plan.Fingerprint);
        if (Directory.Exists(generation))
        {
            _ = ManifestFile.TryRead(generation, out var problem);
            return $"{ManifestFile.Name} of {incomplete.Folder} {(problem.Length > 0 ? problem : "is of another fingerprint")}";
        }

        if (Previous(plan.Node) is not { } previous)
            return "never built";
        List<string> reasons =
        [
            .. previous.StageVersion == plan.Node.Stage.Version ? (string[])[] : [$"stage version {previous.StageVersion} -> {plan.Node.Stage.Version}"],
            .. Options(previous.Options, plan.Options),
            .. previous.Seed == plan.Node.Seed ? (string[])[] : [$"seed {previous.Seed} -> {plan.Node.Seed}"],
            .. Inputs(previous, plan, upstream),
            .. Raw(previous, rawFolders),
        ];
        if (reasons.Count > 0)
            return string.Join("; ", reasons);
        return previous.Fingerprint == plan.Fingerprint ? $"{incomplete.Folder} is missing" : "seeds changed";
    }

    /// <summary>The manifest to compare with: the current one, or for a later seed the newest of that seed.</summary>
    Manifest? Previous(StageNode node)
    {
        var artifact = node.Stage.Writes[0];
        var current = root.CurrentFolder(node.Dataset, artifact) is { } folder ? ManifestFile.TryRead(folder, out _) : null;
        if (current is not null && (node.Stage.Seeds != SeedScope.Each || current.Seed == node.Seed))
            return current;
        return Known(root.Artifact(node.Dataset, artifact)).FirstOrDefault(manifest => node.Stage.Seeds != SeedScope.Each || manifest.Seed == node.Seed);
    }

    IReadOnlyList<Manifest> Known(string folder)
    {
        if (!known.TryGetValue(folder, out var manifests))
            known[folder] = manifests = !Directory.Exists(folder) ? [] : [.. Read(new DirectoryInfo(folder))];
        return manifests;
    }

    static IEnumerable<Manifest> Read(DirectoryInfo folder) => folder.EnumerateDirectories()
        .Where(generation => generation.LinkTarget is null && generation.Name.Length == DataRoot.NameLength)
        .OrderByDescending(generation => generation.LastWriteTimeUtc).ThenBy(generation => generation.Name, StringComparer.Ordinal)
        .Select(generation => ManifestFile.TryRead(generation.FullName, out _))
        .OfType<Manifest>();

    static IEnumerable<string> Options(JsonNode before, JsonNode now)
    {
        var (old, current) = (JsonLeaves.Of(before), JsonLeaves.Of(now));
        List<string> changed =
        [
            .. current.Where(option => old.GetValueOrDefault(option.Key) != option.Value)
                .Select(option => $"{option.Key} {old.GetValueOrDefault(option.Key) ?? "(new)"} -> {option.Value}"),
            .. old.Keys.Except(current.Keys).Select(name => $"{name} {old[name]} -> (gone)"),
        ];
        return changed.Count == 0 ? [] : [$"options changed: {string.Join(", ", changed)}"];
    }

    static IEnumerable<string> Inputs(Manifest previous, PlannedNode plan, IReadOnlyList<PlannedNode> upstream)
    {
        var before = previous.Parents.ToLookup(parent => parent.Name, StringComparer.Ordinal);
        foreach (var inputs in plan.Inputs.GroupBy(input => input.Artifact.Folder, StringComparer.Ordinal))
        {
            var known = before[inputs.Key].Select(parent => parent.Fingerprint);
            if (inputs.Select(input => input.Fingerprint).SequenceEqual(known))
                continue;
            var willRun = inputs.Any(input => upstream.Any(writer => writer.Node == input.Writer && writer.Action == PlanAction.Run));
            yield return $"input {inputs.Key} {(willRun ? "will be rebuilt" : !known.Any() ? "is new" : "changed")}";
        }

        var reads = plan.Inputs.Select(input => input.Artifact.Folder).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in previous.Parents.Where(parent => !parent.IsRaw && !reads.Contains(parent.Name)).Select(parent => parent.Name).Distinct())
            yield return $"input {gone} is read no more";
    }

    IEnumerable<string> Raw(Manifest previous, IReadOnlyList<RawFolder> folders)
    {
        var before = previous.Parents.Where(parent => parent.IsRaw).ToList();
        if (before.Count != folders.Count)
            yield return "raw folders changed";
        foreach (var (parent, folder) in before.Zip(folders).Where(pair => pair.First.Fingerprint != pair.Second.Digest))
        {
            if (raw.Earlier(parent.Fingerprint) is not { } old)
            {
                yield return $"raw folder {folder.Path} changed";
                continue;
            }

            List<string> changes =
            [
                .. folder.Files.Where(file => old.TryGetValue(file.Key, out var digest) && digest != file.Value).Select(file => $"raw file {file.Key} changed"),
                .. folder.Files.Keys.Except(old.Keys).Select(file => $"raw file {file} is new"),
                .. old.Keys.Except(folder.Files.Keys).Order(StringComparer.Ordinal).Select(file => $"raw file {file} is gone"),
            ];
            yield return string.Join(", ", changes.Take(NamesShown)) + (changes.Count > NamesShown ? $" and {changes.Count - NamesShown} more" : "");
        }
    }
}
