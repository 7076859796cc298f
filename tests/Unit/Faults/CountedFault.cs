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
}

/// <summary>Lets the n-th file operation of a kind fail, once, and counts them all.</summary>
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
        if (!Fails(operation) || Interlocked.Increment(ref count) != at)
        {
            return null;
        }

        Hit = $"{operation} {path}";
        return kind == FaultKind.InputOutput
            ? new FileFault(new IOException($"Input/output error : '{path}'", InputOutputError))
            : new FileFault(new IOException($"No space left on device : '{path}'", NoSpaceLeft), kind == FaultKind.ShortWrite);
    }

    bool Fails(FileOperation operation) => kind switch
    {
        FaultKind.InputOutput => true,
        FaultKind.NoSpace => operation is not (FileOperation.Open or FileOperation.Delete),
        _ => operation == FileOperation.Write,
    };
}
