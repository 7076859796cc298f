using System.Security.Cryptography;
using Pipeline.Stages;

namespace Pipeline.Lab.Crash;

/// <summary>
/// Somebody who reads a data root while others write it, as a service behind the lists would: resolves every `current` once and expects a
/// whole generation there, whatever happens to the writers.
/// </summary>
/// <remarks>Nobody prunes meanwhile, so what was once current and whole has to stay.</remarks>
sealed class Onlooker : IDisposable
{
    readonly DataRoot root;
    readonly Findings findings;
    readonly string about;
    readonly Thread thread;
    readonly Lock gate = new();
    readonly Dictionary<string, string> lastTarget = new(StringComparer.Ordinal);
    readonly Dictionary<string, Whole> judged = new(StringComparer.Ordinal), wholeOnes = new(StringComparer.Ordinal);
    volatile bool isOver;

    /// <param name="about">Begins each finding.</param>
    public Onlooker(string data, string about, Findings findings)
    {
        root = new DataRoot(data);
        this.about = about;
        this.findings = findings;
        thread = new Thread(() =>
        {
            while (!isOver)
            {
                Look();
                Thread.Sleep(5);
            }
        });
        thread.Start();
    }

    /// <summary>Looks at everything once, now.</summary>
    public void Look()
    {
        lock (gate)
        {
            foreach (var dataset in MiniPipeline.Datasets.Where(dataset => Directory.Exists(root.Dataset(dataset))))
            {
                Look(dataset);
            }
        }
    }

    public void Dispose()
    {
        isOver = true;
        thread.Join();
    }

    void Look(string dataset)
    {
        foreach (var (path, whole) in wholeOnes)
        {
            if (Stamp(path) != whole.Stamp)
            {
                findings.Add("lost", $"{about}: {path} was current and whole, and is not any more");
            }
        }

        var scan = Retry(() => DatasetScan.Of(root, dataset));
        foreach (var generation in scan.Generations.Where(generation => generation.State == GenerationState.Finished))
        {
            Judge(generation.Path);
        }

        foreach (var artifact in scan.Links.Keys.Concat(lastTarget.Keys.Where(key => key.StartsWith(dataset + "/", StringComparison.Ordinal)).Select(key => key[(dataset.Length + 1)..])).ToHashSet())
        {
            Resolve(dataset, artifact);
        }
    }

    /// <summary>The link, then what it points at; a second look if it moved in between.</summary>
    void Resolve(string dataset, string artifact)
    {
        var key = $"{dataset}/{artifact}";
        var shown = new Artifact(artifact, artifact);
        for (var look = 0; look < 2; look++)
        {
            if (root.CurrentFolder(dataset, shown) is { } folder)
            {
                lastTarget[key] = folder;
                if (Judge(folder) is { } whole)
                {
                    wholeOnes.TryAdd(folder, whole);
                }

                return;
            }
        }

        findings.Add("lost", $"{about}: current of {key} points at nothing");
    }

    /// <summary>A generation under its final name has to be whole; null if it is not.</summary>
    Whole? Judge(string folder)
    {
        // Its bytes are read once; afterwards names, sizes and times are enough.
        var stamp = Stamp(folder);
        if (judged.TryGetValue(folder, out var known) && known.Stamp == stamp)
        {
            return known;
        }

        if (ManifestFile.TryRead(folder, out _) is not { } manifest)
        {
            // Gone altogether meanwhile is another thing.
            if (Directory.Exists(folder) && ManifestFile.TryRead(folder, out var problem) is null)
            {
                findings.Add("partial", $"{about}: {folder}: its manifest {problem}");
            }

            return null;
        }

        foreach (var part in manifest.Parts)
        {
            var file = Path.Combine(folder, part.Path);
            var digest = File.Exists(file) ? Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))) : "nothing";
            if (digest != part.Sha256)
            {
                var isAnothers = wholeOnes.Values.Any(other => other.Manifest.Artifact == manifest.Artifact && other.Manifest.Parts.Any(its => its.Sha256 == digest));
                findings.Add(isAnothers ? "mixed" : "partial", $"{about}: {file} has SHA-256 {digest}, its manifest says {part.Sha256}");
            }
        }

        var named = manifest.Parts.Select(part => part.Path).Append(ManifestFile.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var extra in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Where(file => !named.Contains(file)))
        {
            findings.Add("mixed", $"{about}: {folder} holds {extra}, which its manifest does not name");
        }

        return judged[folder] = new Whole(manifest, stamp);
    }

    /// <summary>Names, sizes and times of all files; empty where the folder is gone.</summary>
    static string Stamp(string folder)
    {
        try
        {
            return string.Join('\n', new DirectoryInfo(folder).GetFiles("*", SearchOption.AllDirectories)
                .Select(file => $"{file.FullName[folder.Length..]} {file.Length} {file.LastWriteTimeUtc.Ticks}").Order(StringComparer.Ordinal));
        }
        catch (Exception error) when (error is DirectoryNotFoundException or FileNotFoundException)
        {
            // Gone while it was listed: as good as gone before.
            return "";
        }
    }

    /// <summary>A folder may vanish under a listing; that says nothing of what `current` shows.</summary>
    static T Retry<T>(Func<T> read)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return read();
            }
            catch (DirectoryNotFoundException) when (attempt < 10)
            {
                continue;
            }
        }
    }

    /// <param name="Stamp">Of its files when they were read.</param>
    sealed record Whole(Manifest Manifest, string Stamp);
}
