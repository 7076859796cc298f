using Microsoft.Win32.SafeHandles;

namespace Pipeline.Stages;

/// <summary>
/// Every file operation of a run passes here: a test can let any one of them fail, and the lab can end the process at it. Where nobody
/// watches, a file is a plain FileStream and nothing is in its way.
/// </summary>
public static class Files
{
    const int DefaultBuffer = 1 << 12;

    static readonly AsyncLocal<IFileFaults?> Watching = new();

    static bool IsWatched => Watching.Value is not null || CrashPoint.CountsOperations;

    /// <summary>Asks <paramref name="faults"/> before each operation of this flow of control and of what it starts, until disposed.</summary>
    public static IDisposable Watch(IFileFaults faults)
    {
        Watching.Value = faults;
        return new Watched();
    }

    /// <summary>A file to write, empty at first. Close it; <see cref="Flush(Stream)"/> before that waits until it is on the disk.</summary>
    /// <param name="isNew">True: fails if it is there.</param>
    public static Stream Create(string path, int bufferBytes = DefaultBuffer, bool isNew = false)
    {
        Before(FileOperation.Create, path);
        var mode = isNew ? FileMode.CreateNew : FileMode.Create;
        return IsWatched
            ? new WatchedFile(new FileStream(path, mode, FileAccess.Write, FileShare.Read, bufferSize: 0), Math.Max(1, bufferBytes))
            : new FileStream(path, mode, FileAccess.Write, FileShare.Read, bufferBytes);
    }

    /// <summary>A file to add to; others may add to it too.</summary>
    public static Stream Append(string path)
    {
        Before(FileOperation.Create, path);
        return IsWatched
            ? new WatchedFile(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0), DefaultBuffer)
            : new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
    }

    public static FileStream OpenRead(string path, int bufferBytes = DefaultBuffer, FileOptions options = FileOptions.None)
    {
        Before(FileOperation.Open, path);
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferBytes, options);
    }

    /// <summary>For reading at any place.</summary>
    public static SafeFileHandle OpenHandle(string path)
    {
        Before(FileOperation.Open, path);
        return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
    }

    public static byte[] ReadAllBytes(string path)
    {
        Before(FileOperation.Open, path);
        return File.ReadAllBytes(path);
    }

    public static string ReadAllText(string path)
    {
        Before(FileOperation.Open, path);
        return File.ReadAllText(path);
    }

    public static void WriteAllBytes(string path, ReadOnlySpan<byte> bytes)
    {
        using var file = Create(path);
        file.Write(bytes);
    }

    /// <summary>UTF-8 without a mark.</summary>
    public static void WriteAllText(string path, string text) => WriteAllBytes(path, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Waits until a file of <see cref="Create"/> is on the disk.</summary>
    public static void Flush(Stream file)
    {
        if (file is WatchedFile watched)
            watched.FlushToDisk();
        else
            ((FileStream)file).Flush(flushToDisk: true);
    }

    /// <summary>Waits until the bytes of a file are on the disk, whoever wrote them.</summary>
    public static void Flush(SafeFileHandle file, string path)
    {
        Before(FileOperation.Flush, path);
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>Makes new names and renames in a folder survive a power cut.</summary>
    public static void FlushFolder(string path)
    {
        Before(FileOperation.Flush, path);
        Libc.FlushFolder(path);
    }

    internal static void Write(SafeFileHandle file, string path, ReadOnlySpan<byte> bytes, long offset)
    {
        if (Ask(FileOperation.Write, path) is { } fault)
        {
            RandomAccess.Write(file, bytes[..(fault.IsHalfDone ? bytes.Length / 2 : 0)], offset);
            throw fault.Error;
        }

        RandomAccess.Write(file, bytes, offset);
    }

    /// <summary>Gives a file, link or folder another name in one step; a file or link of that name is replaced.</summary>
    public static void Rename(string from, string to)
    {
        Before(FileOperation.Rename, to);
        Libc.Rename(from, to);
    }

    /// <summary>Lets two folders change places in one step. False where the system cannot.</summary>
    internal static bool TryExchange(string one, string other)
    {
        Before(FileOperation.Rename, other);
        return Libc.TryExchange(one, other);
    }

    public static void Link(string path, string target)
    {
        Before(FileOperation.Link, path);
        File.CreateSymbolicLink(path, target);
    }

    public static void CreateFolder(string path)
    {
        if (Directory.Exists(path))
            return;
        Before(FileOperation.CreateFolder, path);
        Directory.CreateDirectory(path);
    }

    /// <summary>Makes one folder, never the folders above it. Nothing if it is there.</summary>
    /// <exception cref="DirectoryNotFoundException">The folder above it is not there.</exception>
    public static void MakeFolder(string path)
    {
        if (Directory.Exists(path))
            return;
        Before(FileOperation.CreateFolder, path);
        Libc.MakeFolder(path);
    }

    /// <summary>Makes the folders of a relative path, never the one that they are in, and gives the last.</summary>
    public static string MakeFolders(string below, string relative)
    {
        foreach (var name in relative.Split('/'))
        {
            below = Path.Combine(below, name);
            MakeFolder(below);
        }

        return below;
    }

    /// <summary>Nothing if it is not there.</summary>
    public static void Delete(string path)
    {
        Before(FileOperation.Delete, path);
        File.Delete(path);
    }

    /// <summary>With all that is in it; links in it are not followed.</summary>
    public static void DeleteFolder(string path)
    {
        if (IsWatched)
        {
            foreach (var entry in new DirectoryInfo(path).EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal).ToList())
            {
                if (entry is DirectoryInfo { LinkTarget: null })
                    DeleteFolder(entry.FullName);
                else
                    Delete(entry.FullName);
            }
        }

        Before(FileOperation.Delete, path);
        Directory.Delete(path, recursive: true);
    }

    internal static FileFault? Ask(FileOperation operation, string path)
    {
        CrashPoint.Reached(CrashPoint.Operation);
        return Watching.Value?.Before(operation, path);
    }

    static void Before(FileOperation operation, string path)
    {
        if (Ask(operation, path) is { } fault)
            throw fault.Error;
    }

    sealed class Watched : IDisposable
    {
        public void Dispose() => Watching.Value = null;
    }
}
