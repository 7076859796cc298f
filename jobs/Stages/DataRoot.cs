using System.Text;

namespace Pipeline.Stages;

/// <summary>Where things lie: `ROOT/DATASET/ARTIFACT/GENERATION`, and `current` beside the generations.</summary>
public sealed class DataRoot(string path)
{
    /// <summary>Digits of the fingerprint that name a generation's folder.</summary>
    public const int NameLength = 16;

    internal const string PartialSuffix = ".partial";
    internal const string RemovedSuffix = ".removed";

    const string CurrentName = "current";

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
        // A link to anything but a generation beside it is none of ours, and is not followed.
        var folder = Current(dataset, artifact) is { Length: NameLength } name && !name.AsSpan().ContainsAnyExcept("0123456789abcdef")
            ? System.IO.Path.Combine(Artifact(dataset, artifact), name)
            : null;
        return Directory.Exists(folder) ? folder : null;
    }

    public bool IsCurrent(string dataset, Artifact artifact, string fingerprint) => Current(dataset, artifact) == fingerprint[..NameLength];

    /// <summary>True if a folder of this name is a finished generation: its 16 digits and nothing else.</summary>
    internal static bool IsName(string name) => name.Length == NameLength && !name.AsSpan().ContainsAnyExcept("0123456789abcdef");

    /// <summary>Moves `current` to a finished generation in one step. True if it pointed elsewhere.</summary>
    /// <param name="fingerprint">Of the generation, or its name.</param>
    public bool Point(string dataset, Artifact artifact, string fingerprint)
    {
        var name = fingerprint[..NameLength];
        if (IsCurrent(dataset, artifact, fingerprint))
            return false;
        var folder = Artifact(dataset, artifact);
        var link = System.IO.Path.Combine(folder, CurrentName);
        if (Directory.Exists(link) && new DirectoryInfo(link).LinkTarget is null)
            throw new PipelineException(ExitCode.StageFailed, $"{link} is a folder, not a link to a generation. Move it away, then run again.");
        CrashPoint.Reached(CrashPoint.CurrentBefore);
        Files.Delete(link + PartialSuffix);
        Files.Link(link + PartialSuffix, name);
        Files.Rename(link + PartialSuffix, link);
        Files.FlushFolder(folder);
        CrashPoint.Reached(CrashPoint.CurrentAfter);
        return true;
    }

    /// <summary>Fingerprint with which a stage that only publishes last passed; null if it never did.</summary>
    internal string? Passed(string dataset, IStage stage) => File.Exists(PassedPath(dataset, stage)) ? Files.ReadAllText(PassedPath(dataset, stage)) : null;

    internal void SetPassed(string dataset, IStage stage, string fingerprint)
    {
        var path = PassedPath(dataset, stage);
        Files.CreateFolder(System.IO.Path.GetDirectoryName(path)!);
        Files.Replace(path, Encoding.ASCII.GetBytes(fingerprint));
    }

    /// <summary>Takes a generation, finished or not, out of sight in one step, then deletes it; a kill in between leaves nothing that looks complete.</summary>
    internal static void Remove(string folder)
    {
        var removed = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(folder)!, System.IO.Path.GetFileName(folder)[..NameLength] + RemovedSuffix);
        if (folder != removed)
        {
            if (Directory.Exists(removed))
                Files.DeleteFolder(removed);
            Files.Rename(folder, removed);
        }

        Files.DeleteFolder(removed);
    }

    /// <summary>Gives an unfinished generation its final name. One of that name that is there already (damaged, or made again by force) is replaced.</summary>
    internal static void Finish(string partial, string generation)
    {
        CrashPoint.Reached(CrashPoint.RenameBefore);
        var isReplaced = Directory.Exists(generation);
        if (!isReplaced)
        {
            Files.Rename(partial, generation);
        }
        else if (!Files.TryExchange(partial, generation))
        {
            Files.Rename(generation, generation + RemovedSuffix);
            Files.Rename(partial, generation);
            partial = generation + RemovedSuffix;
        }

        Files.FlushFolder(System.IO.Path.GetDirectoryName(generation)!);
        CrashPoint.Reached(CrashPoint.RenameAfter);
        if (isReplaced)
            Remove(partial);
    }

    internal static string? Current(string artifactFolder) => new FileInfo(System.IO.Path.Combine(artifactFolder, CurrentName)).LinkTarget;

    string PassedPath(string dataset, IStage stage) => System.IO.Path.Combine(Dataset(dataset), ".passed", stage.Name);
}
