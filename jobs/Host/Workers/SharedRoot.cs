using Pipeline.Stages;

namespace Pipeline.Host.Workers;

/// <summary>The identity of a data root: a word in a file of it, so that machines which mount it at different paths know that it is the same.</summary>
static class SharedRoot
{
    const string FileName = ".store-root";
    const string Experiments = "experiments";

    /// <summary>The identity; null if the root has never been shared.</summary>
    public static string? Read(string dataRoot)
    {
        var file = Path.Combine(dataRoot, FileName);
        return File.Exists(file) ? File.ReadAllText(file).Trim() : null;
    }

    /// <summary>The identity, which is the given one if there was none.</summary>
    public static string ReadOrWrite(DataRoot root, string identity)
    {
        if (Read(root.Path) is { } known)
        {
            return known;
        }

        var file = Path.Combine(root.Path, FileName);
        File.WriteAllText($"{file}.{identity}", identity + "\n");
        try
        {
            File.Move($"{file}.{identity}", file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            // Another run was first.
            File.Delete($"{file}.{identity}");
        }

        return Read(root.Path)!;
    }

    /// <summary>A data root and those of its experiments, by identity.</summary>
    public static Dictionary<string, string> Below(string dataRoot)
    {
        var experiments = Path.Combine(dataRoot, Experiments);
        var folders = Directory.Exists(experiments) ? Directory.GetDirectories(experiments) : [];
        return folders.Prepend(dataRoot).Select(folder => (Folder: folder, Identity: Read(folder))).Where(found => found.Identity is { Length: > 0 })
            .DistinctBy(found => found.Identity).ToDictionary(found => found.Identity!, found => found.Folder);
    }
}
