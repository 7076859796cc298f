namespace Pipeline.Stages;

/// <summary>What the process tells whoever started it. A scheduler may retry 1, 5 and 7; the others need a person.</summary>
public enum ExitCode
{
    /// <summary>Done, or nothing to do.</summary>
    Ok = 0,

    /// <summary>A stage failed; what it had finished is kept, and `pipeline resume` goes on from there.</summary>
    StageFailed = 1,

    /// <summary>The command line was not understood.</summary>
    Usage = 2,

    /// <summary>pipeline.json or a --set is wrong.</summary>
    InvalidConfiguration = 3,

    /// <summary>The data were read but did not pass a check; nothing was published.</summary>
    CheckFailed = 4,

    /// <summary>Another process writes the same dataset.</summary>
    Busy = 5,

    /// <summary>An input is missing or damaged.</summary>
    InputMissing = 6,

    /// <summary>No space left on the disk, or no memory.</summary>
    OutOfSpace = 7,

    /// <summary>A defect of this program.</summary>
    Bug = 70,

    /// <summary>Cancelled with Ctrl-C (SIGINT).</summary>
    Cancelled = 130,

    /// <summary>Cancelled by SIGTERM.</summary>
    Terminated = 143,
}
