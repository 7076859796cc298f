using System.Diagnostics;

namespace Pipeline.Host.Serving;

/// <summary>
/// A child of `serve` lives no longer than `serve`: its standard input is a pipe that nobody writes to, and where the pipe ends the parent has
/// died. The child then ends as if killed, at once: nobody would watch it, and the next `serve` goes on with its run.
/// </summary>
static class ParentWatch
{
    /// <summary>Set for a child; to any value.</summary>
    public const string Variable = "PIPELINE_CHILD_OF_SERVE";

    public static bool IsChild => Environment.GetEnvironmentVariable(Variable) is not null;

    public static void Start() => new Thread(Watch) { IsBackground = true, Name = "parent watch" }.Start();

    static void Watch()
    {
        using var input = Console.OpenStandardInput();
        while (input.ReadByte() >= 0)
        {
        }

        using var self = Process.GetCurrentProcess();
        self.Kill();
    }
}
