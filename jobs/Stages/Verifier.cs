using System.Security.Cryptography;

namespace Pipeline.Stages;

/// <summary>Reads finished generations again and compares every byte with what their manifests say.</summary>
public sealed class Verifier(DataRoot root)
{
    /// <param name="onlyCurrent">True: only the generations that `current` points at; else all that are finished.</param>
    /// <param name="listener">Told the bytes read so far.</param>
    public VerifyResult Verify(string dataset, bool onlyCurrent, IStageListener listener, CancellationToken cancellation)
    {
        var scan = DatasetScan.Of(root, dataset);
        var generations = scan.Generations.Where(folder => folder.State == GenerationState.Finished && (folder.IsCurrent || !onlyCurrent)).ToList();
        var known = scan.Generations.Where(folder => folder.State == GenerationState.Finished).Select(folder => (folder.Artifact, folder.Name)).ToHashSet();
        var findings = scan.Links.Where(link => !known.Contains((link.Key, link.Value)))
            .Select(link => new VerifyFinding(dataset, link.Key, link.Value, "", "current points at a generation that is not there")).ToList();
        findings.AddRange(scan.Generations.Select(folder => folder.Artifact).Distinct(StringComparer.Ordinal).Where(artifact => IsNoLink(dataset, artifact))
            .Select(artifact => new VerifyFinding(dataset, artifact, DataRoot.CurrentName, "", "is no link to a generation; move it away, and the next run makes the link")));
        findings.AddRange(scan.Pinned.Where(pin => !known.Contains((pin.Key, pin.Value)))
            .Select(pin => new VerifyFinding(dataset, pin.Key, pin.Value, "", "is pinned, but not there")));
        var manifests = generations.Select(folder => (Folder: folder, Manifest: ManifestFile.TryRead(folder.Path, out var problem), Problem: problem)).ToList();
        var total = manifests.Sum(entry => entry.Manifest?.Bytes ?? 0);
        var done = 0L;
        foreach (var (folder, manifest, problem) in manifests)
        {
            var about = new VerifyFinding(dataset, folder.Artifact, folder.Name, "", "");
            findings.AddRange(manifest is null ? [about with { File = ManifestFile.Name, Problem = problem }] : Compare(folder, manifest, about, cancellation));
            listener.Progress(done += manifest?.Bytes ?? 0, total, "bytes");
        }

        return new VerifyResult(findings, generations.Count, total);
    }

    /// <summary>Reads one generation. Empty if it is sound.</summary>
    public static IReadOnlyList<VerifyFinding> Verify(string dataset, GenerationFolder folder, CancellationToken cancellation)
    {
        var about = new VerifyFinding(dataset, folder.Artifact, folder.Name, "", "");
        return ManifestFile.TryRead(folder.Path, out var problem) is { } manifest
            ? [.. Compare(folder, manifest, about, cancellation)]
            : [about with { File = ManifestFile.Name, Problem = problem }];
    }

    /// <summary>What is wrong with a generation as far as can be told without reading its parts; null if nothing is.</summary>
    internal VerifyFinding? Glance(string dataset, string artifact, string name)
    {
        var folder = new GenerationFolder(artifact, name, root.Generation(dataset, new Artifact(artifact, artifact), name), GenerationState.Finished, IsCurrent: false);
        var about = new VerifyFinding(dataset, artifact, name, "", "is not there");
        if (!Directory.Exists(folder.Path))
            return about;
        return ManifestFile.TryRead(folder.Path, out var problem) is { } manifest
            ? Compare(folder, manifest, about, CancellationToken.None, isGlance: true).FirstOrDefault()
            : about with { File = ManifestFile.Name, Problem = problem };
    }

    /// <summary>True if something lies where the link to the generation in use belongs.</summary>
    bool IsNoLink(string dataset, string artifact)
    {
        var current = Path.Combine(root.Dataset(dataset), artifact, DataRoot.CurrentName);
        return Path.Exists(current) && new FileInfo(current).LinkTarget is null;
    }

    static IEnumerable<VerifyFinding> Compare(GenerationFolder folder, Manifest manifest, VerifyFinding about, CancellationToken cancellation, bool isGlance = false)
    {
        if (manifest.Artifact != folder.Artifact || !manifest.Fingerprint.StartsWith(folder.Name, StringComparison.Ordinal))
            yield return about with { File = ManifestFile.Name, Problem = $"belongs to {manifest.Artifact}/{manifest.Fingerprint}" };
        var expected = manifest.Parts.Select(part => part.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var file in PathsOf(new DirectoryInfo(folder.Path), "").Where(file => file != ManifestFile.Name && !expected.Contains(file)))
            yield return about with { File = file, Problem = "is not in the manifest" };
        foreach (var part in manifest.Parts)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Difference(Path.Combine(folder.Path, part.Path), part, isGlance) is { } problem)
                yield return about with { File = part.Path, Problem = problem };
        }
    }

    static string? Difference(string path, ManifestPart part, bool isGlance)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            return "is missing";
        if (file.LinkTarget is not null)
            return "is a link, not a file";
        if (file.Length != part.Bytes)
            return $"has {file.Length} bytes, not {part.Bytes}";
        if (isGlance)
            return null;
        using var stream = Files.OpenRead(path);
        var digest = Convert.ToHexStringLower(SHA256.HashData(stream));
        return digest == part.Sha256 ? null : $"has SHA-256 {digest}, not {part.Sha256}";
    }

    /// <summary>Relative paths of all files and links, without following the links.</summary>
    static IEnumerable<string> PathsOf(DirectoryInfo folder, string prefix) => folder.EnumerateFileSystemInfos()
        .OrderBy(entry => entry.Name, StringComparer.Ordinal)
        .SelectMany(entry => entry is DirectoryInfo { LinkTarget: null } child ? PathsOf(child, $"{prefix}{child.Name}/") : [prefix + entry.Name]);
}

/// <param name="Generations">How many were read.</param>
/// <param name="Bytes">Of all their parts.</param>
public sealed record VerifyResult(IReadOnlyList<VerifyFinding> Findings, int Generations, long Bytes);

/// <param name="Generation">Name of its folder.</param>
/// <param name="File">Relative to the generation; empty if it is `current` that is wrong.</param>
/// <param name="Problem">To follow the file's name: "is missing".</param>
public sealed record VerifyFinding(string Dataset, string Artifact, string Generation, string File, string Problem)
{
    public override string ToString() => $"{Dataset}/{Artifact}/{Generation}{(File.Length > 0 ? $"/{File}" : "")}: {Problem}";
}
