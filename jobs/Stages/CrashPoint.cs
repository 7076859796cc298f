using System.Globalization;

namespace Pipeline.Stages;

/// <summary>
/// Places where a process can be made to end as if the power were cut, for the lab only: PIPELINE_CRASH_AT=NAME or NAME:n kills it (SIGKILL)
/// when it reaches the place for the n-th time, PIPELINE_STOP_AT stops it there (SIGSTOP). Without them a place costs one comparison.
/// </summary>
public static class CrashPoint
{
    public const string PartWritten = "part-written";
    public const string ManifestBefore = "manifest-before", ManifestAfter = "manifest-after";

    /// <summary>After the last look at the lock and directly before the one rename that makes a change: of a generation, of `current`.</summary>
    public const string RenameBefore = "rename-before", CurrentBefore = "current-before";

    /// <summary>The same of the pins, of what passed, and of what is taken away.</summary>
    public const string PinsBefore = "pins-before", PassedBefore = "passed-before", RemoveBefore = "remove-before";

    public const string RenameAfter = "rename-after", CurrentAfter = "current-after";

    /// <summary>After one list of several has moved and before the next does.</summary>
    public const string PublishBetween = "publish-between";

    public const string LedgerBefore = "ledger-before", LedgerAfter = "ledger-after";

    /// <summary>A checkpoint is on the disk beside the one that it is to replace.</summary>
    public const string CheckpointWritten = "checkpoint-written";

    public const string CheckpointRenamed = "checkpoint-renamed";
    public const string PinsWritten = "pins-written";

    /// <summary>Before every file operation; the n-th of them.</summary>
    public const string Operation = "operation";

    const int Kill = 9, Stop = 19;

    static readonly Trap? Crash = Trap.Read("PIPELINE_CRASH_AT", Kill), Pause = Trap.Read("PIPELINE_STOP_AT", Stop);

    /// <summary>All of them, for a lab that goes through them.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        PartWritten, ManifestBefore, ManifestAfter, RenameBefore, RenameAfter, CurrentBefore, CurrentAfter, PublishBetween, PassedBefore,
        LedgerBefore, LedgerAfter, CheckpointWritten, CheckpointRenamed, PinsBefore, PinsWritten, RemoveBefore, Operation,
    ];

    internal static bool CountsOperations => Crash?.Name == Operation || Pause?.Name == Operation;

    public static void Reached(string name)
    {
        Crash?.Pass(name);
        Pause?.Pass(name);
    }

    sealed class Trap(string name, int count, int signal)
    {
        int passed;

        public string Name { get; } = name;

        public static Trap? Read(string variable, int signal)
        {
            if (Environment.GetEnvironmentVariable(variable) is not { Length: > 0 } text)
                return null;
            var parts = text.Split(':');
            return new Trap(parts[0], parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 1, signal);
        }

        public void Pass(string reached)
        {
            if (reached == Name && Interlocked.Increment(ref passed) == count)
                Libc.Raise(signal);
        }
    }
}
