using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Stages;

/// <summary>
/// Hashes raw folders. A file whose size, times, inode and device are as they were is not read again: those are kept in
/// `.raw-hashes.json` in the data root, which may be deleted at any time.
/// </summary>
public sealed class RawFolders
{
    /// <summary>A file younger than this may change again within one tick of the file system's clock, so its stamp proves nothing.</summary>
    static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    const int FoldersKept = 32;

    readonly DataRoot root;
    readonly TimeProvider clock;
    readonly RawHashes hashes;
    readonly Dictionary<string, RawFolder> read = new(StringComparer.Ordinal);

    public RawFolders(DataRoot root, TimeProvider clock)
    {
        this.root = root;
        this.clock = clock;
        hashes = Load();
    }

    string CachePath => Path.Combine(root.Path, ".raw-hashes.json");

    /// <summary>How many files were read, not looked up.</summary>
    internal int FilesRead { get; private set; }

    /// <summary>The contents of a folder now; the same answer for every stage that asks.</summary>
    /// <param name="folder">Absolute, or relative to the working folder.</param>
    /// <param name="option">The option that names it, for the message; null for "datasets.DATASET.raw".</param>
    /// <exception cref="PipelineException">It is absent or empty (InputMissing).</exception>
    public RawFolder Read(string dataset, string folder, string? option = null)
    {
        if (read.TryGetValue(folder, out var known))
            return known;
        var full = Path.GetFullPath(folder);
        var remedy = $"Put the raw files there, or name their folder: --set {option ?? $"datasets.{dataset}.raw"}=DIR";
        if (!Directory.Exists(full))
            throw new PipelineException(ExitCode.InputMissing, $"The raw folder of {dataset} is absent: {full}. {remedy}");
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Collect(full, "", files, []);
        if (files.Count == 0)
            throw new PipelineException(ExitCode.InputMissing, $"The raw folder of {dataset} holds no file: {full}. {remedy}");
        return read[folder] = new RawFolder(full, files);
    }

    /// <summary>The files of an earlier state of a folder, to say what changed; null if it is no longer known.</summary>
    public IReadOnlyDictionary<string, string>? Earlier(string digest) => hashes.Folders.GetValueOrDefault(digest);

    /// <summary>Keeps what was hashed for the next time. Without a data root, or without the right to write there, nothing is kept.</summary>
    public void Save()
    {
        if (!Directory.Exists(root.Path) || read.Count == 0)
            return;
        foreach (var folder in read.Values)
        {
            hashes.Folders.Remove(folder.Digest);
            hashes.Folders[folder.Digest] = new(folder.Files, StringComparer.Ordinal);
        }

        foreach (var digest in hashes.Folders.Keys.Take(Math.Max(0, hashes.Folders.Count - FoldersKept)).ToList())
            hashes.Folders.Remove(digest);
        foreach (var gone in hashes.Files.Keys.Where(file => !File.Exists(file)).ToList())
            hashes.Files.Remove(gone);
        try
        {
            var partial = $"{CachePath}.{Environment.ProcessId}.partial";
            var node = JsonSerializer.SerializeToNode(hashes)!;
            Files.WriteAllBytes(partial, JsonSerializer.SerializeToUtf8Bytes(new Sealed(CanonicalJson.Digest(node), node)));
            Files.Rename(partial, CachePath);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Only the next plan's time is lost.
            return;
        }
    }

    void Collect(string folder, string prefix, SortedDictionary<string, string> files, List<FileStamp> outer)
    {
        // A link to a folder above itself would never end.
        if (FileStamp.Of(folder) is { } stamp)
        {
            if (outer.Exists(known => known.Inode == stamp.Inode && known.Device == stamp.Device))
                return;
            outer = [.. outer, stamp];
        }

        foreach (var file in Directory.EnumerateFiles(folder))
            files[prefix + Path.GetFileName(file)] = Hash(file);
        foreach (var child in Directory.EnumerateDirectories(folder))
            Collect(child, $"{prefix}{Path.GetFileName(child)}/", files, outer);
    }

    string Hash(string file)
    {
        if (!Libc.IsRegularFile(file))
            throw new PipelineException(
                ExitCode.InputMissing, $"{file} is no file but a pipe, a socket, a device or a link to nothing; a raw folder holds files. Take it away, or put the file there.");
        var before = FileStamp.Of(file);
        if (before is not null && hashes.Files.TryGetValue(file, out var known) && known.Stamp == before)
            return known.Sha256;
        using var stream = Files.OpenRead(file);
        var digest = Convert.ToHexStringLower(SHA256.HashData(stream));
        FilesRead++;
        hashes.Files.Remove(file);
        var settledBefore = (clock.GetUtcNow() - Settled - DateTimeOffset.UnixEpoch).Ticks;
        if (before is not null && before == FileStamp.Of(file) && Math.Max(before.Changed, before.Modified) / TimeSpan.NanosecondsPerTick < settledBefore)
            hashes.Files[file] = new RawHash(before, digest);
        return digest;
    }

    RawHashes Load()
    {
        try
        {
            var file = JsonSerializer.Deserialize<Sealed>(Files.ReadAllBytes(CachePath));
            return file is not null && file.Digest == CanonicalJson.Digest(file.Hashes) && file.Hashes.Deserialize<RawHashes>() is { } found ? found : new();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            // Absent or damaged: everything is hashed again and the file is written anew.
            return new();
        }
    }

    /// <param name="Digest">Of the hashes: a damaged file must not lead to a wrong fingerprint.</param>
    sealed record Sealed(string? Digest, JsonNode? Hashes);

    /// <param name="Sha256">64 hexadecimal digits.</param>
    sealed record RawHash(FileStamp Stamp, string Sha256);

    sealed class RawHashes
    {
        /// <summary>By absolute path.</summary>
        public Dictionary<string, RawHash> Files { get; init; } = new(StringComparer.Ordinal);

        /// <summary>The files of whole folders by the folder's digest, the latest last.</summary>
        public OrderedDictionary<string, Dictionary<string, string>> Folders { get; init; } = new(StringComparer.Ordinal);
    }
}
