namespace Pipeline.Stages;

/// <summary>Where things lie: `ROOT/DATASET/ARTIFACT/GENERATION`, and `current` beside the generations.</summary>
public sealed class DataRoot(string path)
{
    /// <summary>Digits of the fingerprint that name a generation's folder.</summary>
    public const int NameLength = 16;

    internal const string PartialSuffix = ".partial";
    internal const string RemovedSuffix = ".removed";

    internal const string CurrentName = "current";
    internal const string StagingName = ".staging";

    /// <summary>Absolute.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>Fails where this user may not look: what cannot be seen would pass for what is not there.</summary>
    /// <exception cref="PipelineException">InputMissing.</exception>
    public void RequireReadable()
    {
        try
        {
            foreach (var dataset in Directory.EnumerateDirectories(Path))
                _ = Directory.EnumerateFileSystemEntries(dataset).Any();
        }
        catch (DirectoryNotFoundException)
        {
            // Nothing was made yet.
            return;
        }
        catch (UnauthorizedAccessException error)
        {
            throw new PipelineException(
                ExitCode.InputMissing, $"The data root {Path} cannot be read: {error.Message} Do it as its owner, let this user read it, or name another folder with --data DIR.", error);
        }
    }

    public string Dataset(string dataset) => System.IO.Path.Combine(Path, dataset);

    public string Artifact(string dataset, Artifact artifact) => System.IO.Path.Combine(Path, dataset, artifact.Folder);

    /// <summary>Folder of a finished generation, whether it exists or not.</summary>
    public string Generation(string dataset, Artifact artifact, string fingerprint) =>
        System.IO.Path.Combine(Artifact(dataset, artifact), fingerprint[..NameLength]);

    /// <summary>Folder of the same generation while a writer makes it.</summary>
    /// <param name="writer">Token of who holds the dataset's lock: <see cref="LockHolder.Token"/>.</param>
    public string Partial(string dataset, string writer, Artifact artifact, string fingerprint) =>
        System.IO.Path.Combine(Staging(dataset, writer), artifact.Folder, fingerprint[..NameLength] + PartialSuffix);

    /// <summary>Where earlier versions made it: nobody does any more.</summary>
    internal string EarlierPartial(string dataset, Artifact artifact, string fingerprint) => Generation(dataset, artifact, fingerprint) + PartialSuffix;

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

    /// <summary>Fingerprint with which a stage that only publishes last passed; null if it never did.</summary>
    internal string? Passed(string dataset, IStage stage) => File.Exists(PassedPath(dataset, stage)) ? Files.ReadAllText(PassedPath(dataset, stage)) : null;

    internal string PassedPath(string dataset, IStage stage) => System.IO.Path.Combine(Dataset(dataset), ".passed", stage.Name);

    /// <summary>Where the folders of writers lie: one, that of the last who held the lock.</summary>
    internal string Staging(string dataset) => System.IO.Path.Combine(Dataset(dataset), StagingName);

    /// <exception cref="ArgumentException">The token is none: it may come from elsewhere, and must not lead anywhere else.</exception>
    internal string Staging(string dataset, string writer) => IsName(writer)
        ? System.IO.Path.Combine(Staging(dataset), writer)
        : throw new ArgumentException($"'{writer}' is not the token of a writer: {NameLength} hexadecimal digits.", nameof(writer));

    internal static string? Current(string artifactFolder) => new FileInfo(System.IO.Path.Combine(artifactFolder, CurrentName)).LinkTarget;
}
