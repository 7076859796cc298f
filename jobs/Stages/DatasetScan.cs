namespace Pipeline.Stages;

/// <summary>What lies in a dataset's folder, whether the present configuration knows of it or not. Links are seen, never followed.</summary>
public sealed class DatasetScan
{
    readonly List<GenerationFolder> generations = [];
    readonly List<string> leftovers = [];
    readonly SortedDictionary<string, string> links = new(StringComparer.Ordinal);

    DatasetScan()
    {
    }

    /// <summary>Finished or not, in ordinal order of their paths.</summary>
    public IReadOnlyList<GenerationFolder> Generations => generations;

    /// <summary>Absolute paths of files and links that were to be renamed over others, which has not come about.</summary>
    public IReadOnlyList<string> Leftovers => leftovers;

    /// <summary>Where `current` is pinned (a generation's name), by artifact folder.</summary>
    public IReadOnlyDictionary<string, string> Pinned { get; private init; } = new Dictionary<string, string>();

    /// <summary>What `current` points at (a generation's name), by artifact folder.</summary>
    public IReadOnlyDictionary<string, string> Links => links;

    public static DatasetScan Of(DataRoot root, string dataset)
    {
        var scan = new DatasetScan { Pinned = Pins.Read(root, dataset) };
        scan.Collect(new DirectoryInfo(root.Dataset(dataset)), "");
        return scan;
    }

    /// <summary>The unfinished generations in the folder of a writer.</summary>
    internal static IReadOnlyList<GenerationFolder> Staged(string folder)
    {
        var scan = new DatasetScan();
        scan.Collect(new DirectoryInfo(folder), "");
        return scan.generations;
    }

    void Collect(DirectoryInfo folder, string artifact)
    {
        if (!folder.Exists || folder.LinkTarget is not null)
            return;
        if (artifact.Length > 0 && DataRoot.Current(folder.FullName) is { } current)
            links[artifact] = current;
        var entries = In(folder);
        leftovers.AddRange(entries.Where(entry => entry.Name.EndsWith(DataRoot.PartialSuffix, StringComparison.Ordinal) && (entry is FileInfo || entry.LinkTarget is not null)).Select(entry => entry.FullName));
        foreach (var child in entries.OfType<DirectoryInfo>().Where(child => child.LinkTarget is null).OrderBy(child => child.Name, StringComparer.Ordinal))
        {
            if (artifact.Length == 0 && child.Name == DataRoot.StagingName)
                CollectStaged(child);
            else if (artifact.Length == 0 && child.Name.EndsWith(DataRoot.RemovedSuffix, StringComparison.Ordinal))
                Collect(child, ""); // The folder of a writer, half taken apart.
            else if (artifact.Length > 0 && StateOf(child.Name) is { } state)
                generations.Add(new GenerationFolder(artifact, child.Name, child.FullName, state, links.GetValueOrDefault(artifact) == child.Name));
            else
                Collect(child, artifact.Length > 0 ? $"{artifact}/{child.Name}" : child.Name);
        }
    }

    /// <summary>Below the folder of a writer everything is named as below the dataset's.</summary>
    void CollectStaged(DirectoryInfo staging)
    {
        foreach (var writer in In(staging).OfType<DirectoryInfo>().Where(writer => writer.LinkTarget is null))
            Collect(writer, "");
    }

    /// <summary>What lies in a folder: nothing, if somebody has just taken it away.</summary>
    internal static IReadOnlyList<FileSystemInfo> In(DirectoryInfo folder)
    {
        try
        {
            return [.. folder.EnumerateFileSystemInfos()];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    static GenerationState? StateOf(string name)
    {
        if (name.Length < DataRoot.NameLength || name.AsSpan(0, DataRoot.NameLength).ContainsAnyExcept("0123456789abcdef"))
            return null;
        return name[DataRoot.NameLength..] switch
        {
            "" => GenerationState.Finished,
            DataRoot.PartialSuffix => GenerationState.Partial,
            DataRoot.RemovedSuffix => GenerationState.Removed,
            _ => null,
        };
    }
}
