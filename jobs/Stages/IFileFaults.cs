namespace Pipeline.Stages;

public enum FileOperation
{
    Create,

    /// <summary>For reading.</summary>
    Open,

    /// <summary>Of bytes to the system; what fits into a buffer is none.</summary>
    Write,

    /// <summary>To the disk, of a file or a folder.</summary>
    Flush,

    Rename,
    Link,
    Delete,
    CreateFolder,
}

/// <summary>Decides before each file operation whether it fails: how a test sees a disk that is full or broken. See <see cref="Files.Watch"/>.</summary>
public interface IFileFaults
{
    /// <summary>May be called by several threads.</summary>
    /// <param name="path">Of a rename: the new name.</param>
    /// <returns>Null lets it happen.</returns>
    FileFault? Before(FileOperation operation, string path);
}

/// <param name="Error">What the operation throws.</param>
/// <param name="IsHalfDone">Of a write: half of the bytes reach the file before.</param>
public sealed record FileFault(IOException Error, bool IsHalfDone = false);
