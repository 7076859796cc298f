using System.Text;

namespace Pipeline.Stages;

/// <summary>
/// The folder of whoever holds a dataset's lock, `DATASET/.staging/TOKEN`, and the only way in which a dataset changes: what is made lies
/// there until one rename makes it count, and what is taken away is renamed into it first.
/// </summary>
/// <remarks>
/// Whoever takes the lock takes the folders of earlier holders apart before it looks at anything else. A writer that stood still meanwhile and
/// wakes can change nothing, wherever it stood: it stages, then looks at the lock, then renames. If the lock passed on before
/// it looked, it sees that; if after, its rename finds no source, or nowhere to go. So nothing may ever make this folder again: what
/// lies in it is made one folder at a time, never with those above it.
/// </remarks>
public sealed class Staging
{
    /// <summary>What the reserve takes, for some folders on any file system.</summary>
    const int ReserveBytes = 64 << 10;

    readonly DatasetLock held;
    readonly DataRoot root;
    readonly string dataset;
    readonly List<PrunedFolder> cleared = [];

    internal Staging(DatasetLock held, DataRoot root, string dataset, string token)
    {
        (this.held, this.root, this.dataset, Token) = (held, root, dataset, token);
        Path = root.Staging(dataset, token);
    }

    /// <summary>Name of the folder.</summary>
    public string Token { get; }

    /// <summary>Absolute.</summary>
    public string Path { get; }

    /// <summary>What earlier holders left unfinished and nobody can go on from: it went when the lock was taken.</summary>
    public IReadOnlyList<PrunedFolder> Cleared => cleared;

    internal string Partial(Artifact artifact, string fingerprint) => root.Partial(dataset, Token, artifact, fingerprint);

    /// <summary>Before the lock file names this holder: so whoever takes the lock after that finds this folder.</summary>
    internal void Open()
    {
        var all = root.Staging(dataset);
        if (new DirectoryInfo(all).LinkTarget is not null)
            Files.Delete(all);
        Files.CreateFolder(all);
        Files.MakeFolder(Path);
    }

    /// <summary>
    /// Keeps a little room aside, so that a full disk, on which nobody can make even a folder, can still be pruned. Nothing where there is none.
    /// </summary>
    internal void KeepReserve()
    {
        if (File.Exists(Reserve(Path)))
            return;
        try
        {
            Files.WriteAllBytes(Reserve(Path), new byte[ReserveBytes]);
        }
        catch (IOException error) when (StageFailures.IsFull(error))
        {
            Files.Delete(Reserve(Path));
        }

        held.RequireHeld();
    }

    /// <summary>Gives that room back to the disk, an earlier holder's too. False if there is none.</summary>
    internal bool SpendReserve()
    {
        var reserves = Folders(root.Staging(dataset)).Select(writer => Reserve(System.IO.Path.Combine(root.Staging(dataset), writer))).Where(File.Exists).ToList();
        foreach (var reserve in reserves)
            Files.Delete(reserve);
        return reserves.Count > 0;
    }

    /// <summary>Ends every writer before this one, after the lock file names this holder. Can be done again where it was cut off.</summary>
    internal void TakeOver()
    {
        foreach (var cutOff in Folders(Path).Where(IsRemoved))
            TakeApart(System.IO.Path.Combine(Path, cutOff));
        foreach (var earlier in Folders(root.Staging(dataset)).Where(name => name != Token))
        {
            held.RequireHeld();
            var removed = System.IO.Path.Combine(Path, earlier + DataRoot.RemovedSuffix);
            Files.Rename(System.IO.Path.Combine(root.Staging(dataset), earlier), removed);
            TakeApart(removed);
        }
    }

    /// <summary>Takes an unfinished generation out of its writer's reach in one step, keeps what can be gone on from, and deletes the rest.</summary>
    /// <remarks>What is kept comes into a new folder: nobody has a file open in it, or a call under way to it.</remarks>
    internal void TakeIn(string folder, string artifact)
    {
        var removed = PutAway(folder, artifact);
        var checkpoints = GenerationWriter.Left(removed);
        if (checkpoints.Count > 0)
        {
            var partial = removed[..^DataRoot.RemovedSuffix.Length] + DataRoot.PartialSuffix;
            Files.MakeFolder(partial);
            foreach (var checkpoint in checkpoints)
                Files.Rename(checkpoint, System.IO.Path.Combine(partial, System.IO.Path.GetFileName(checkpoint)));
        }
        else
        {
            cleared.Add(new PrunedFolder(dataset, artifact, System.IO.Path.GetFileName(folder), Pruner.Size(new DirectoryInfo(removed))));
        }

        Files.DeleteFolder(removed);
    }

    /// <summary>Makes the folder of an unfinished generation, if it is not there.</summary>
    internal string Make(Artifact artifact, string fingerprint)
    {
        Files.MakeFolders(Path, artifact.Folder);
        var partial = Partial(artifact, fingerprint);
        Files.MakeFolder(partial);
        return partial;
    }

    /// <summary>Gives an unfinished generation its final name. One of that name that is there already (damaged, or made again by force) is replaced.</summary>
    internal void Finish(Artifact artifact, string fingerprint)
    {
        var (partial, generation) = (Partial(artifact, fingerprint), root.Generation(dataset, artifact, fingerprint));
        var folder = root.Artifact(dataset, artifact);
        Files.CreateFolder(folder);
        held.RequireHeld();
        CrashPoint.Reached(CrashPoint.RenameBefore);
        var isReplaced = Directory.Exists(generation);
        if (!isReplaced)
        {
            Files.Rename(partial, generation);
        }
        else if (!Files.TryExchange(partial, generation))
        {
            partial = PutAway(generation, artifact.Folder);
            Files.Rename(Partial(artifact, fingerprint), generation);
        }

        Files.FlushFolder(folder);
        CrashPoint.Reached(CrashPoint.RenameAfter);
        if (isReplaced)
            Remove(partial, artifact.Folder);
    }

    /// <summary>Moves `current` to a finished generation in one step. True if it pointed elsewhere.</summary>
    /// <param name="fingerprint">Of the generation, or its name.</param>
    internal bool Point(Artifact artifact, string fingerprint)
    {
        if (root.IsCurrent(dataset, artifact, fingerprint))
            return false;
        var folder = root.Artifact(dataset, artifact);
        var link = System.IO.Path.Combine(folder, DataRoot.CurrentName);
        if (Directory.Exists(link) && new DirectoryInfo(link).LinkTarget is null)
            throw new PipelineException(ExitCode.StageFailed, $"{link} is a folder, not a link to a generation. Move it away, then run again.");
        var staged = Staged(DataRoot.CurrentName);
        Files.Delete(staged); // Left by an attempt that failed.
        Files.Link(staged, fingerprint[..DataRoot.NameLength]);
        held.RequireHeld();
        CrashPoint.Reached(CrashPoint.CurrentBefore);
        Files.Rename(staged, link);
        Files.FlushFolder(folder);
        CrashPoint.Reached(CrashPoint.CurrentAfter);
        return true;
    }

    /// <summary>Keeps the fingerprint with which a stage that only publishes passed.</summary>
    internal void SetPassed(IStage stage, string fingerprint)
    {
        var path = root.PassedPath(dataset, stage);
        Files.CreateFolder(System.IO.Path.GetDirectoryName(path)!);
        Replace(path, Encoding.ASCII.GetBytes(fingerprint), CrashPoint.PassedBefore);
    }

    /// <summary>Writes a small file whole or not at all: on the disk first, then renamed over what is there.</summary>
    /// <param name="point">Reached between the look at the lock and the rename.</param>
    internal void Replace(string path, ReadOnlySpan<byte> bytes, string point)
    {
        var staged = Staged(System.IO.Path.GetFileName(path));
        using (var file = Files.Create(staged))
        {
            file.Write(bytes);
            Files.Flush(file);
        }

        held.RequireHeld();
        CrashPoint.Reached(point);
        Files.Rename(staged, path);
        Files.FlushFolder(System.IO.Path.GetDirectoryName(path)!);
    }

    /// <summary>Takes a generation, finished or not, out of sight in one step, then deletes it; a kill in between leaves nothing that looks complete.</summary>
    /// <param name="folder">Its path.</param>
    /// <param name="artifact">Folder of its artifact below the dataset's.</param>
    internal void Remove(string folder, string artifact) => Files.DeleteFolder(IsRemoved(folder) ? folder : PutAway(folder, artifact));

    string PutAway(string folder, string artifact)
    {
        var removed = System.IO.Path.Combine(Files.MakeFolders(Path, artifact), System.IO.Path.GetFileName(folder)[..DataRoot.NameLength] + DataRoot.RemovedSuffix);
        if (Directory.Exists(removed))
            Files.DeleteFolder(removed);
        held.RequireHeld();
        CrashPoint.Reached(CrashPoint.RemoveBefore);
        Files.Rename(folder, removed);
        return removed;
    }

    void TakeApart(string folder)
    {
        // Of a holder that was itself cut off while it took others apart.
        foreach (var earlier in Folders(folder).Where(IsRemoved))
            TakeApart(System.IO.Path.Combine(folder, earlier));
        foreach (var generation in DatasetScan.Staged(folder))
            TakeIn(generation.Path, generation.Artifact);
        Files.DeleteFolder(folder);
    }

    /// <summary>Names, in ordinal order; links are none.</summary>
    static List<string> Folders(string folder) =>
        [.. new DirectoryInfo(folder).EnumerateDirectories().Where(child => child.LinkTarget is null).Select(child => child.Name).Order(StringComparer.Ordinal)];

    static string Reserve(string writer) => System.IO.Path.Combine(writer, "reserve");

    string Staged(string name) => System.IO.Path.Combine(Path, name + DataRoot.PartialSuffix);

    static bool IsRemoved(string name) => name.EndsWith(DataRoot.RemovedSuffix, StringComparison.Ordinal);
}
