using Pipeline.Stages;

namespace Pipeline.Host.Serving;

/// <summary>Starts runs as child processes, knows which are alive, and stops them. Thread-safe.</summary>
/// <param name="place">The arguments that say where data and configuration are: "--data", DIR, ...</param>
/// <param name="folder">The children's current folder.</param>
sealed class RunLauncher(IReadOnlyList<string> place, string folder, TimeProvider clock)
{
    const int KeptFailures = 20;

    readonly Lock gate = new();
    readonly List<ChildRun> children = [];
    readonly Queue<FailedStart> failures = new();
    bool isStopping;

    /// <summary>Those that have not ended, the oldest first.</summary>
    public IReadOnlyList<ChildRun> Running
    {
        get
        {
            lock (gate)
            {
                return [.. children];
            }
        }
    }

    /// <summary>Runs that ended before they had a line in the ledger, the latest last: a busy dataset, a wrong configuration.</summary>
    public IReadOnlyList<FailedStart> FailedStarts
    {
        get
        {
            lock (gate)
            {
                return [.. failures];
            }
        }
    }

    /// <param name="environment">Beside that of this process; null for none.</param>
    /// <exception cref="PipelineException">This process is stopping, or cannot start another.</exception>
    public ChildRun Start(RunOrder order, IReadOnlyDictionary<string, string>? environment = null)
    {
        lock (gate)
        {
            if (isStopping)
            {
                throw new PipelineException(ExitCode.Busy, "The server is stopping and starts no more runs. Start it again, then trigger the run.");
            }

            var child = ChildRun.Start(order, [.. order.Arguments, .. place, "--quiet"], folder, environment ?? new Dictionary<string, string>(), clock.GetUtcNow());
            children.Add(child);
            _ = ForgetAsync(child);
            return child;
        }
    }

    /// <summary>A verb that is no run, such as `rollback`, from its start to its end.</summary>
    /// <returns>Its exit code, and the last lines of its standard error.</returns>
    public async Task<(ExitCode Exit, string Message)> RunAsync(IReadOnlyList<string> words)
    {
        using var child = ChildRun.Start(new RunOrder(), [.. words, .. place, "--quiet"], folder, new Dictionary<string, string>(), clock.GetUtcNow());
        var exit = await child.Ended;
        return (exit, string.Join('\n', child.LastLines));
    }

    /// <summary>The child that executes a run; null if it is none of ours.</summary>
    public ChildRun? Of(int? pid) => Running.FirstOrDefault(child => child.Pid == pid);

    /// <summary>Asks all to stop at their next checkpoint, kills who has not after <paramref name="grace"/>, and starts no more.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        IReadOnlyList<ChildRun> left;
        lock (gate)
        {
            isStopping = true;
            left = [.. children];
        }

        foreach (var child in left)
        {
            child.Cancel();
        }

        var all = Task.WhenAll(left.Select(child => child.Ended));
        await Task.WhenAny(all, Task.Delay(grace, clock));
        foreach (var child in left)
        {
            child.Kill();
        }

        await all;
    }

    async Task ForgetAsync(ChildRun child)
    {
        var exit = await child.Ended;
        lock (gate)
        {
            children.Remove(child);
            if (exit is ExitCode.Usage or ExitCode.InvalidConfiguration or ExitCode.Busy or ExitCode.InputMissing)
            {
                failures.Enqueue(new FailedStart(clock.GetUtcNow(), child.Order, exit, string.Join('\n', child.LastLines)));
                if (failures.Count > KeptFailures)
                {
                    failures.Dequeue();
                }
            }
        }
    }
}

/// <param name="Time">UTC.</param>
/// <param name="Message">The last lines of its standard error.</param>
sealed record FailedStart(DateTimeOffset Time, RunOrder Order, ExitCode Exit, string Message);
