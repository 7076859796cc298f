namespace Pipeline.Stages;

/// <summary>Where things lie: `ROOT/DATASET/ARTIFACT/GENERATION`, and `current` beside the generations.</summary>
public sealed class DataRoot(string path)
{
    /// <summary>Digits of the fingerprint that name a generation's folder.</summary>
    public const int NameLength = 16;

    const string CurrentName = "current";
    const string PartialSuffix = ".partial";
    const string RemovedSuffix = ".removed";

    /// <summary>Absolute.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    public string Dataset(string dataset) => System.IO.Path.Combine(Path, dataset);

    public string Artifact(string dataset, Artifact artifact) => System.IO.Path.Combine(Path, dataset, artifact.Folder);

    /// <summary>Folder of a finished generation, whether it exists or not.</summary>
    public string Generation(string dataset, Artifact artifact, string fingerprint) =>
        System.IO.Path.Combine(Artifact(dataset, artifact), fingerprint[..NameLength]);

    /// <summary>Folder of the same generation while it is made.</summary>
    public string Partial(string dataset, Artifact artifact, string fingerprint) => Generation(dataset, artifact, fingerprint) + PartialSuffix;

    /// <summary>Name of the generation that `current` points at (16 digits), whether it exists or not; null without a link.</summary>
    public string? Current(string dataset, Artifact artifact) => Current(Artifact(dataset, artifact));

    /// <summary>Absolute path of the generation that `current` points at, resolved once; null if there is none.</summary>
    public string? CurrentFolder(string dataset, Artifact artifact)
    {
        var folder = Current(dataset, artifact) is { } name ? System.IO.Path.Combine(Artifact(dataset, artifact), name) : null;
        return Directory.Exists(folder) ? folder : null;
    }

    /// <summary>Moves `current` to a finished generation in one step. True if it pointed elsewhere.</summary>
    public bool Point(string dataset, Artifact artifact, string fingerprint)
    {
        var name = fingerprint[..NameLength];
        if (Current(dataset, artifact) == name)
            return false;
        var folder = Artifact(dataset, artifact);
        var link = System.IO.Path.Combine(folder, CurrentName);
        if (Directory.Exists(link) && new DirectoryInfo(link).LinkTarget is null)
            throw new PipelineException(ExitCode.StageFailed, $"{link} is a folder, not a link to a generation. Move it away, then run again.");
        File.Delete(link + PartialSuffix);
        File.CreateSymbolicLink(link + PartialSuffix, name);
        Libc.Rename(link + PartialSuffix, link);
        Libc.FlushFolder(folder);
        return true;
    }

    /// <summary>Every generation of a dataset, finished or not, in ordinal order of their paths. Links are not followed.</summary>
    public IReadOnlyList<GenerationFolder> Generations(string dataset)
    {
        var found = new List<GenerationFolder>();
        Collect(new DirectoryInfo(Dataset(dataset)), "", found);
        return found;
    }

    /// <summary>Takes a generation out of sight in one step, then deletes it; a kill in between leaves nothing that looks complete.</summary>
    internal static void Remove(string folder)
    {
        var removed = folder;
        if (!folder.EndsWith(RemovedSuffix, StringComparison.Ordinal))
        {
            removed = folder + RemovedSuffix;
            if (Directory.Exists(removed))
                Directory.Delete(removed, recursive: true);
            Directory.Move(folder, removed);
        }

        Directory.Delete(removed, recursive: true);
    }

    /// <summary>Gives an unfinished generation its final name. One of that name that is there already (damaged, or made again by force) is replaced.</summary>
    internal static void Finish(string partial, string generation)
    {
        var isReplaced = Directory.Exists(generation);
        if (!isReplaced)
        {
            Directory.Move(partial, generation);
        }
        else if (!Libc.TryExchange(partial, generation))
        {
            Directory.Move(generation, generation + RemovedSuffix);
            Directory.Move(partial, generation);
            partial = generation + RemovedSuffix;
        }

        Libc.FlushFolder(System.IO.Path.GetDirectoryName(generation)!);
        if (isReplaced)
            Remove(partial);
    }

    static string? Current(string artifactFolder) => new FileInfo(System.IO.Path.Combine(artifactFolder, CurrentName)).LinkTarget;

    static void Collect(DirectoryInfo folder, string artifact, List<GenerationFolder> found)
    {
        if (!folder.Exists || folder.LinkTarget is not null)
            return;
        var current = artifact.Length > 0 ? Current(folder.FullName) : null;
        foreach (var child in folder.EnumerateDirectories().OrderBy(child => child.Name, StringComparer.Ordinal))
        {
            if (child.LinkTarget is not null)
                continue;
            if (StateOf(child.Name) is { } state)
                found.Add(new GenerationFolder(artifact, child.Name, child.FullName, state, child.Name == current));
            else
                Collect(child, artifact.Length > 0 ? $"{artifact}/{child.Name}" : child.Name, found);
        }
    }

    static GenerationState? StateOf(string name)
    {
        if (name.Length < NameLength || name.AsSpan(0, NameLength).ContainsAnyExcept("0123456789abcdef"))
            return null;
        return name[NameLength..] switch
        {
            "" => GenerationState.Finished,
            PartialSuffix => GenerationState.Partial,
            RemovedSuffix => GenerationState.Removed,
            _ => null,
        };
    }
}
