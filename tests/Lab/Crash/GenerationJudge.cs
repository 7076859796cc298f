using System.Security.Cryptography;
using Pipeline.Stages;

namespace Pipeline.Lab.Crash;

/// <summary>Reads every byte of what bears the name of a finished generation, once; afterwards names, sizes and times are enough.</summary>
/// <param name="add">Is told of findings: kind, text.</param>
sealed class GenerationJudge(Action<string, string> add)
{
    readonly Dictionary<string, string> judged = new(StringComparer.Ordinal);
    readonly Dictionary<string, HashSet<string>> digestsOf = new(StringComparer.Ordinal);

    /// <summary>The stamp of its files if it has a manifest; null if not, or if it went away meanwhile.</summary>
    /// <param name="isStampTaken">False: one that was judged before is not looked at again.</param>
    public string? Judge(string folder, bool isStampTaken)
    {
        if (!isStampTaken && judged.TryGetValue(folder, out var known))
        {
            return known;
        }

        var stamp = Stamp(folder);
        if (judged.GetValueOrDefault(folder) == stamp)
        {
            return stamp;
        }

        List<(string Kind, string What)> found = [];
        var manifest = ManifestFile.TryRead(folder, out var problem);
        if (manifest is null)
        {
            found.Add(("partial", $"{folder}: its manifest {problem}"));
        }
        else
        {
            found.AddRange(Compare(folder, manifest));
        }

        // A generation comes and goes by its name, in one step: what is wrong with one that came or went meanwhile says nothing. One that stays is read again.
        if (stamp.Length == 0 || (manifest is not null && Stamp(folder) != stamp) || !Directory.Exists(folder))
        {
            return null;
        }

        foreach (var (kind, what) in found)
        {
            add(kind, what);
        }

        if (manifest is not null)
        {
            judged[folder] = stamp;
        }

        return manifest is null ? null : stamp;
    }

    /// <summary>Names, sizes and times of all files; empty where the folder is gone.</summary>
    public static string Stamp(string folder)
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

    IEnumerable<(string Kind, string What)> Compare(string folder, Manifest manifest)
    {
        var ofArtifact = digestsOf.TryGetValue(manifest.Artifact, out var known) ? known : digestsOf[manifest.Artifact] = [];
        foreach (var part in manifest.Parts)
        {
            var digest = Digest(Path.Combine(folder, part.Path));
            if (digest == part.Sha256)
            {
                ofArtifact.Add(digest);
            }
            else
            {
                yield return (ofArtifact.Contains(digest) ? "mixed" : "partial", $"{Path.Combine(folder, part.Path)} has SHA-256 {digest}, its manifest says {part.Sha256}");
            }
        }

        var named = manifest.Parts.Select(part => part.Path).Append(ManifestFile.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var extra in Stamp(folder).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0].TrimStart(Path.DirectorySeparatorChar)).Where(file => !named.Contains(file)))
        {
            yield return ("mixed", $"{folder} holds {extra}, which its manifest does not name");
        }
    }

    static string Digest(string file)
    {
        try
        {
            return Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
        }
        catch (Exception error) when (error is DirectoryNotFoundException or FileNotFoundException)
        {
            return "nothing";
        }
    }
}
