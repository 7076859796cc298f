using Pipeline.Stages;

namespace Pipeline.Unit.Faults;

enum FaultKind
{
    /// <summary>The device reports an error (EIO).</summary>
    InputOutput,

    /// <summary>The disk is full (ENOSPC): only what writes fails.</summary>
    NoSpace,

    /// <summary>The disk is full after half of a write.</summary>
    ShortWrite,

    /// <summary>The disk is full and stays so.</summary>
    FullDisk,

    /// <summary>No operation succeeds any more: what lies on the disk is what a process leaves that is killed there.</summary>
    DeadDisk,
}

/// <summary>Lets the n-th file operation of a kind fail, once or all from it on, and counts them all.</summary>
/// <param name="at">From 1; 0 lets none fail.</param>
sealed class CountedFault(FaultKind kind, int at) : IFileFaults
{
    const int InputOutputError = 5, NoSpaceLeft = 28;

    int count;

    public int Count => count;

    /// <summary>The operation that failed: "Rename .../current"; null if none did.</summary>
    public string? Hit { get; private set; }

    public FileFault? Before(FileOperation operation, string path)
    {
        if (!Fails(operation))
        {
            return null;
        }

        var number = Interlocked.Increment(ref count);
        if (at == 0 || number < at || (number > at && kind is not (FaultKind.FullDisk or FaultKind.DeadDisk)))
        {
            return null;
        }

        Hit ??= $"{operation} {path}";
        return kind is FaultKind.InputOutput or FaultKind.DeadDisk
            ? new FileFault(new IOException($"Input/output error : '{path}'", InputOutputError))
            : new FileFault(new IOException($"No space left on device : '{path}'", NoSpaceLeft), kind == FaultKind.ShortWrite);
    }

    bool Fails(FileOperation operation) => kind switch
    {
        FaultKind.InputOutput or FaultKind.DeadDisk => true,
        FaultKind.NoSpace or FaultKind.FullDisk => operation is not (FileOperation.Open or FileOperation.Delete),
        _ => operation == FileOperation.Write,
    };
}
