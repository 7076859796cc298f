namespace Pipeline.Stages;

/// <summary>Turns what a stage threw into what the operator is told and the process exits with.</summary>
public static class StageFailures
{
    const int NoSpace = 0x1C, QuotaExceeded = 0x7A, FileTooBig = 0x1B, ReadOnlyDisk = 0x1E, NotPermitted = 1, AccessDenied = 0xD;

    /// <summary>The exit code of an error, inside a stage or outside.</summary>
    /// <param name="otherwise">The code of an error that nobody foresaw.</param>
    public static ExitCode CodeOf(Exception error, ExitCode otherwise) => error switch
    {
        AggregateException { InnerExceptions: [var only] } => CodeOf(only, otherwise),
        PipelineException known => known.Code,
        OutOfMemoryException => ExitCode.OutOfSpace,
        IOException io when IsFull(io) => ExitCode.OutOfSpace,
        UnauthorizedAccessException => ExitCode.InputMissing,
        IOException io when IsForbidden(io) => ExitCode.InputMissing,
        _ => otherwise,
    };

    /// <summary>True if the disk, or the user's share of it, is full.</summary>
    public static bool IsFull(IOException error) => (error.HResult & 0xFFFF) is NoSpace or QuotaExceeded;

    /// <summary>What an error says, ended like a sentence so that another can follow.</summary>
    public static string Sentence(Exception error)
    {
        var message = error is OutOfMemoryException ? $"no memory left (the heap may have {MostHeap} MiB here)" : error.Message.TrimEnd();
        return message.EndsWith('.') || message.EndsWith('!') || message.EndsWith('?') ? message : $"{message}.";
    }

    /// <summary>
    /// True for an error that may be gone in a moment: a disk, a network folder or a pipe that failed. Not one that another attempt would meet
    /// again: what is full, missing, cut short or must not be written; what the operator has to mend; a cancellation; a defect.
    /// </summary>
    public static bool IsTransient(Exception error) => error switch
    {
        AggregateException { InnerExceptions: { Count: > 0 } several } => several.All(IsTransient),
        FileNotFoundException or DirectoryNotFoundException or DriveNotFoundException or PathTooLongException or EndOfStreamException => false,
        PipelineException { Code: ExitCode.InputMissing, InnerException: IOException io } => IsTransient(io),
        IOException io => !IsFull(io) && !IsForbidden(io) && (io.HResult & 0xFFFF) != FileTooBig,
        _ => false,
    };

    /// <summary>What the collector goes by: the limit that was set, or that of the container or machine.</summary>
    static long MostHeap => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20;

    internal static StageFailure From(
        Exception error, StageWork work, WatchedStage watched, TimeSpan duration, CancellationToken cancellation, RunRequest request)
    {
        var cause = error is AggregateException { InnerExceptions: [var only] } ? only : error;
        if (cause is OperationCanceledException && cancellation.IsCancellationRequested)
            return new StageFailure($"{work.Title} was stopped{watched.Position}. To go on: {request.GoOn}", request.CancelledBy(), cause, duration, IsCancelled: true);
        var code = CodeOf(cause, ExitCode.StageFailed);
        var advice = code switch
        {
            ExitCode.OutOfSpace when cause is OutOfMemoryException =>
                $"Give the process more (DOTNET_GCHeapHardLimit, the limit of the container, or a larger machine), or fewer threads (--threads) or seeds, then: {request.GoOn}",
            ExitCode.OutOfSpace => $"Make room (pipeline prune, fewer seeds), then: {request.GoOn}",
            _ => $"Fix the cause, then: {request.GoOn}",
        };
        return new StageFailure($"{work.Title} failed{watched.Position}: {Sentence(cause)} {advice}", code, cause, duration, IsCancelled: false);
    }

    static bool IsForbidden(IOException error) => (error.HResult & 0xFFFF) is NotPermitted or AccessDenied or ReadOnlyDisk;
}
