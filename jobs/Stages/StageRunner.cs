namespace Pipeline.Stages;

/// <summary>Carries out a plan: runs what is not fresh, in order, and writes every step into the ledger.</summary>
public sealed class StageRunner(DataRoot root, TimeProvider clock, IRunListener listener)
{
    readonly Ledger ledger = new(root, clock);

    /// <summary>Never throws because a stage failed: the result says so.</summary>
    /// <exception cref="PipelineException">The run could not start: busy, an unknown name, a missing input.</exception>
    public async Task<RunResult> RunAsync(RunRequest request, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        var holder = new LockHolder(Environment.ProcessId, Environment.MachineName, null, string.Join(' ', request.Arguments), clock.GetUtcNow());
        var datasets = Selection.Parse(request.Selection, request.Graphs).Graphs.Select(graph => graph.Dataset).Order(StringComparer.Ordinal).ToList();
        var locks = new Dictionary<string, DatasetLock>(StringComparer.Ordinal);
        try
        {
            foreach (var dataset in datasets)
                locks.Add(dataset, DatasetLock.Take(root, dataset, holder));
            var plan = request.PublishTo is { } to
                ? Republishing.Plan(root, request.Graphs.First(graph => graph.Dataset == datasets[0]), to, ledger.Read())
                : new Planner(root, clock).Make(request.Graphs, request.Selection, request.IsForced);
            if (request.RequiresSpace)
                SpaceCheck.Require(root, plan);
            var run = ledger.Begin(new LedgerEntry
            {
                Event = LedgerEvent.RunStarted,
                Datasets = datasets,
                Selection = request.Selection,
                To = request.PublishTo,
                Settings = request.Settings,
                Arguments = request.Arguments,
                Pid = holder.Pid,
                Host = holder.Host,
                ToolVersion = request.ToolVersion,
                Origin = request.Cause?.Origin,
                Schedule = request.Cause?.Schedule,
                Due = request.Cause?.Due,
                Attempt = request.Cause?.Attempt,
                IsServed = request.IsServed ? true : null,
                Resumes = request.Cause?.Resumes,
            });
            foreach (var held in locks.Values)
                held.Describe(holder with { Run = run });
            using var log = new RunLog(root, run, clock);
            listener.RunStarted(run, plan);
            var call = new RunCall(root, clock, new RunJournal(run, ledger, log, listener), request, plan, locks);
            await call.RunAsync(cancellation);
            var result = new RunResult(run, call.Exit, plan, call.Failures, clock.GetElapsedTime(started), log.Path);
            ledger.Append(new LedgerEntry
            {
                Event = LedgerEvent.RunFinished,
                Run = run,
                Exit = result.Exit,
                DurationSeconds = result.Duration.TotalSeconds,
                IsTransient = IsTransient(request, result) ? true : null,
            });
            listener.RunFinished(result);
            return result;
        }
        finally
        {
            foreach (var held in locks.Values)
                held.Dispose();
        }
    }

    /// <summary>It may end well when it is tried again.</summary>
    static bool IsTransient(RunRequest request, RunResult result) => result.Exit is ExitCode.Cancelled or ExitCode.Terminated
        ? request.IsInterrupted()
        : result.Failures.Count > 0 && result.Failures.All(failure => StageFailures.IsTransient(failure.Cause));
}
