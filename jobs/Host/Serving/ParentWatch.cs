using System.Diagnostics;

namespace Pipeline.Host.Serving;

/// <summary>
/// A child of `serve` lives no longer than `serve`: its standard input is a pipe. A byte in it says that the server stops, and that the child is to stop at a checkpoint; no
/// signal says that, for a signal may come from anybody. Where the pipe ends the parent has died. The child then ends as if killed, at once: nobody would watch it, and the
/// next `serve` goes on with its run.
/// </summary>
static class ParentWatch
{
    /// <summary>Set for a child; to any value.</summary>
    public const string Variable = "PIPELINE_CHILD_OF_SERVE";

    public static bool IsChild => Environment.GetEnvironmentVariable(Variable) is not null;

    /// <param name="interrupt">Asks the run to stop at a checkpoint.</param>
    public static void Start(Action interrupt) => new Thread(() => Watch(interrupt)) { IsBackground = true, Name = "parent watch" }.Start();

    static void Watch(Action interrupt)
    {
        using var input = Console.OpenStandardInput();
        while (input.ReadByte() >= 0)
        {
            interrupt();
        }

        using var self = Process.GetCurrentProcess();
        self.Kill();
    }
}
