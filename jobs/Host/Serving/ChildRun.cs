using System.ComponentModel;
using System.Diagnostics;
using Pipeline.Host.Dashboard;
using Pipeline.Stages;

namespace Pipeline.Host.Serving;

/// <summary>A run in a process of its own, started by `serve`. What it does is in the ledger; here is only its life.</summary>
sealed class ChildRun
{
    const int KeptLines = 50;

    readonly Process process;
    readonly Queue<string> lastLines = new();
    bool hasEnded;

    ChildRun(RunOrder order, Process process, DateTimeOffset started)
    {
        Order = order;
        this.process = process;
        Started = started;
        Pid = process.Id;
        Ended = EndAsync();
    }

    public RunOrder Order { get; }

    public int Pid { get; }

    /// <summary>UTC.</summary>
    public DateTimeOffset Started { get; }

    /// <summary>The exit code; 137 if it was killed. Never throws.</summary>
    public Task<ExitCode> Ended { get; }

    /// <summary>The last lines of its standard error: why it could not start, where it left nothing in the ledger.</summary>
    public string Message
    {
        get
        {
            lock (lastLines)
            {
                return lastLines.Count > 0 ? string.Join('\n', lastLines) : "It ended without a word.";
            }
        }
    }

    /// <summary>True of the run that this process executes, which the ledger knows once it has begun.</summary>
    public bool IsOf(RunHeadline run) => run.Pid == Pid && run.Started >= Started;

    /// <param name="arguments">Of this executable.</param>
    /// <param name="environment">Beside those of this process.</param>
    /// <exception cref="PipelineException">The machine has no room for another process (Busy).</exception>
    public static ChildRun Start(RunOrder order, IReadOnlyList<string> arguments, string folder, IReadOnlyDictionary<string, string> environment, DateTimeOffset now)
    {
        var program = Environment.ProcessPath ?? throw new PipelineException(ExitCode.StageFailed, "This process does not know its own executable, so it cannot start a run.");
        var isRuntime = Path.GetFileNameWithoutExtension(program) == "dotnet";
        var start = new ProcessStartInfo(program, [.. isRuntime ? ["exec", Path.Combine(AppContext.BaseDirectory, "pipeline.dll")] : Array.Empty<string>(), .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[ParentWatch.Variable] = "1";

        // A run needs none of the server's secrets.
        foreach (var secret in new[] { ServeOptions.TokenVariable, Webhook.SecretVariable, Webhook.UrlVariable })
        {
            start.Environment.Remove(secret);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            return new ChildRun(order, Process.Start(start)!, now);
        }
        catch (Win32Exception error)
        {
            throw new PipelineException(ExitCode.Busy, $"No process can be started now: {error.Message}. Give the server more processes, files or memory, or wait until others end; then try again.", error);
        }
    }

    /// <summary>SIGTERM: the stage writes its checkpoint and stops, and nobody goes on with the run unasked.</summary>
    public void Cancel()
    {
        if (!Ended.IsCompleted)
        {
            ProcessSignal.Terminate(Pid);
        }
    }

    /// <summary>The server stops: the stage writes its checkpoint and stops, and the next server goes on with the run.</summary>
    public void Interrupt()
    {
        lock (process)
        {
            if (hasEnded)
            {
                return;
            }

            try
            {
                var input = process.StandardInput.BaseStream;
                input.WriteByte(1);
                input.Flush();
            }
            catch (IOException)
            {
                // It has just ended, and the pipe with it.
                return;
            }
        }
    }

    /// <summary>SIGKILL, at once.</summary>
    public void Kill()
    {
        lock (process)
        {
            if (!hasEnded)
            {
                process.Kill();
            }
        }
    }

    async Task<ExitCode> EndAsync()
    {
        await Task.WhenAll(KeepAsync(process.StandardError), process.StandardOutput.BaseStream.CopyToAsync(Stream.Null), process.WaitForExitAsync());
        lock (process)
        {
            // Its pipes would else stay open until memory is collected, which a server that does little does seldom. What was read from is ours to close.
            (hasEnded, var exit) = (true, (ExitCode)process.ExitCode);
            process.StandardOutput.Dispose();
            process.StandardError.Dispose();
            process.Dispose();
            return exit;
        }
    }

    async Task KeepAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (lastLines)
            {
                lastLines.Enqueue(line);
                if (lastLines.Count > KeptLines)
                {
                    lastLines.Dequeue();
                }
            }
        }
    }
}
