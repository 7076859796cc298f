using System.Security.Cryptography;
using Pipeline.Stages;

namespace Pipeline.Lab.Crash;

/// <summary>What a data root holds, by path: digests of the files of generations, targets of `current`, pins, receipts. Ledger, logs, locks and caches are left out.</summary>
static class Tree
{
    public static SortedDictionary<string, string> Of(string data)
    {
        var tree = Shown(data);
        foreach (var dataset in MiniPipeline.Datasets)
        {
            foreach (var generation in DatasetScan.Of(new DataRoot(data), dataset).Generations)
            {
                foreach (var file in Directory.EnumerateFiles(generation.Path, "*", SearchOption.AllDirectories))
                {
                    tree[Path.GetRelativePath(data, file)] = Digest(file);
                }
            }

            var receipts = Path.Combine(data, dataset, ".passed");
            foreach (var file in Directory.Exists(receipts) ? Directory.GetFiles(receipts) : [])
            {
                tree[Path.GetRelativePath(data, file)] = Digest(file);
            }
        }

        return tree;
    }

    /// <summary>Only what readers are shown, and why: targets of `current`, and pins.</summary>
    public static SortedDictionary<string, string> Shown(string data)
    {
        var shown = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var dataset in MiniPipeline.Datasets)
        {
            var scan = DatasetScan.Of(new DataRoot(data), dataset);
            foreach (var (artifact, target) in scan.Links)
            {
                shown[$"{dataset}/{artifact}/current"] = $"-> {target}";
            }

            foreach (var (artifact, target) in scan.Pinned)
            {
                shown[$"{dataset}/{artifact} (pin)"] = target;
            }
        }

        return shown;
    }

    public static IEnumerable<string> Differences(SortedDictionary<string, string> expected, SortedDictionary<string, string> found)
    {
        foreach (var (path, value) in expected)
        {
            if (!found.TryGetValue(path, out var other))
            {
                yield return $"{path} is missing";
            }
            else if (other != value)
            {
                yield return $"{path} is {other}, expected {value}";
            }
        }

        foreach (var path in found.Keys.Where(path => !expected.ContainsKey(path)))
        {
            yield return $"{path} should not be there";
        }
    }

    /// <summary>A copy with links as links and the times of the files, so that a copied root is as up to date as its original.</summary>
    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var entry in new DirectoryInfo(from).EnumerateFileSystemInfos())
        {
            var target = Path.Combine(to, entry.Name);
            if (entry.LinkTarget is { } link)
            {
                File.CreateSymbolicLink(target, link);
            }
            else if (entry is DirectoryInfo child)
            {
                Copy(child.FullName, target);
            }
            else
            {
                File.Copy(entry.FullName, target);
            }
        }
    }

    static string Digest(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream))[..16];
    }
}
