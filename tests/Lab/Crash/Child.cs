using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Pipeline.Lab.Crash;

/// <summary>A process of ours: stopped, continued and killed by number, so that no other is hit.</summary>
sealed partial class Child : IDisposable
{
    public const int KilledCode = 128 + 9;

    // Linux. Stopping is no business of the base library.
    const int Continue = 18, Stop = 19;

    static readonly TimeSpan Liveness = TimeSpan.FromMinutes(5);

    readonly Process process;
    readonly StringBuilder said = new();

    public Child(Process process, string command)
    {
        this.process = process;
        Command = command;
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    public string Command { get; }

    public int Pid => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>The most memory that it has held so far, in bytes; 0 if it is gone, or where the system does not tell.</summary>
    public long PeakBytes
    {
        get
        {
            try
            {
                var line = File.ReadLines($"/proc/{process.Id}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
                return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1].Trim()) << 10;
            }
            catch (IOException)
            {
                return 0;
            }
        }
    }

    public void Kill() => process.Kill();

    /// <summary>False if it was gone already.</summary>
    public bool TryStop() => !process.HasExited && Signal(process.Id, Stop) == 0;

    public void Go() => _ = Signal(process.Id, Continue);

    /// <returns>The exit code; <see cref="KilledCode"/> after a kill.</returns>
    /// <exception cref="TimeoutException">It hangs; then it is killed.</exception>
    public int Wait()
    {
        if (!process.WaitForExit(Liveness))
        {
            process.Kill();
            throw new TimeoutException($"pipeline {Command} did not end within {Liveness.TotalMinutes} minutes.");
        }

        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>The end of what it said.</summary>
    public string LastWords
    {
        get
        {
            lock (said)
            {
                return said.ToString().Trim() is { Length: > 400 } text ? text[^400..] : said.ToString().Trim();
            }
        }
    }

    public void Dispose() => process.Dispose();

    void Hear(string? line)
    {
        lock (said)
        {
            said.AppendLine(line);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int pid, int signal);
}
