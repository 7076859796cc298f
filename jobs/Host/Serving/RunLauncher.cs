using Pipeline.Stages;

namespace Pipeline.Host.Serving;

/// <summary>Starts runs as child processes, knows which are alive, and stops them. Thread-safe.</summary>
/// <param name="place">The arguments that say where data and configuration are: "--data", DIR, ...</param>
/// <param name="folder">The children's current folder.</param>
/// <param name="ledger">Where the runs say that they began.</param>
/// <param name="log">Told of every start and end; null for nobody.</param>
sealed class RunLauncher(IReadOnlyList<string> place, string folder, LedgerIndex ledger, TimeProvider clock, ServeLog? log = null)
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

    /// <summary>Runs that ended before they had a line in the ledger, the latest last: a busy dataset, a wrong configuration, no room.</summary>
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

            // The last --set of a name holds, so what the order says comes after what this process was told.
            var child = ChildRun.Start(order, [.. place, .. order.Arguments, "--quiet"], folder, environment ?? new Dictionary<string, string>(), clock.GetUtcNow());
            children.Add(child);
            log?.Note("run started", ("pid", child.Pid), ("arguments", order.Arguments));
            _ = ForgetAsync(child);
            return child;
        }
    }

    /// <summary>Starts a run and waits for its end. Cancelled, it asks the run to stop, and waits for that.</summary>
    /// <exception cref="PipelineException">It could not begin: a busy dataset, a wrong configuration, a missing input, no room.</exception>
    public async Task RunAsync(RunOrder order, CancellationToken cancellation)
    {
        var child = Start(order);
        await using var registration = cancellation.Register(() => Cancel(child));
        var exit = await child.Ended;
        if (IsFailedStart(child, exit))
        {
            throw new PipelineException(exit, child.Message);
        }
    }

    /// <summary>A verb that is no run, such as `rollback`, from its start to its end.</summary>
    /// <returns>Its exit code, and the last lines of its standard error.</returns>
    public async Task<(ExitCode Exit, string Message)> RunAsync(IReadOnlyList<string> words)
    {
        var child = ChildRun.Start(new RunOrder(), [.. words, .. place, "--quiet"], folder, new Dictionary<string, string>(), clock.GetUtcNow());
        var exit = await child.Ended;
        return (exit, child.Message);
    }

    /// <summary>The child that executes a run; null if it is none of ours.</summary>
    public ChildRun? Of(int? pid) => Running.FirstOrDefault(child => child.Pid == pid);

    /// <summary>Asks all to stop at their next checkpoint, kills who has not after <paramref name="grace"/>, and starts no more. The next server goes on with all of them.</summary>
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
            child.Interrupt();
        }

        var all = Task.WhenAll(left.Select(child => child.Ended));
        await Task.WhenAny(all, Task.Delay(grace, clock));
        foreach (var child in left)
        {
            child.Kill();
        }

        await all;
    }

    /// <summary>Who is cancelled because the server stops is not cancelled but interrupted, by <see cref="StopAsync"/>.</summary>
    void Cancel(ChildRun child)
    {
        lock (gate)
        {
            if (!isStopping)
            {
                child.Cancel();
            }
        }
    }

    /// <summary>The exit code alone does not tell: a disk may be full before a run and in the middle of it.</summary>
    bool IsFailedStart(ChildRun child, ExitCode exit) =>
        exit is not (ExitCode.Ok or ExitCode.Cancelled or ExitCode.Terminated) && !HasBegun(child);

    bool HasBegun(ChildRun child)
    {
        try
        {
            return ledger.Runs().Any(child.IsOf);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Nobody can look it up now: better shown twice than nowhere.
            return false;
        }
    }

    async Task ForgetAsync(ChildRun child)
    {
        var exit = await child.Ended;
        log?.Note("run ended", ("pid", child.Pid), ("exit", (int)exit));
        var failed = IsFailedStart(child, exit);
        lock (gate)
        {
            children.Remove(child);
            if (failed)
            {
                failures.Enqueue(new FailedStart(clock.GetUtcNow(), child.Order, exit, child.Message));
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
