using Polly;
using Polly.Retry;

namespace Pipeline.Stages;

/// <summary>The state of one run while it goes through its plan.</summary>
sealed class RunCall(DataRoot root, TimeProvider clock, RunJournal journal, RunRequest request, Plan plan, IReadOnlyDictionary<string, DatasetLock> locks)
{
    readonly GenerationWriter writer = new(root, request.ToolVersion, request.Simd);
    readonly HashSet<StageNode> notMade = [];

    // What is still to come or under way.
    readonly HashSet<StageNode> open = [.. plan.Selected.Select(node => node.Node)];
    readonly List<StageFailure> failures = [];
    readonly long began = clock.GetTimestamp();

    public IReadOnlyList<StageFailure> Failures => failures;

    /// <summary>Of the first failure; of the cancellation if there was one.</summary>
    public ExitCode Exit { get; private set; }

    /// <summary>Begins each work as soon as nothing before it is open and the executor takes one more; all else happens in this one flow.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var waiting = Group().ConvertAll(work => new WaitingWork(work, [.. work.Nodes.SelectMany(node => GraphOf(node.Node).UpstreamOf(node.Node)).Distinct()]));
        List<RunningWork> running = [];
        while (waiting.Count + running.Count > 0)
        {
            if (running.Count < request.Executor.WorksAtOnce && waiting.Find(work => !work.Upstream.Any(open.Contains)) is { } next)
            {
                waiting.Remove(next);
                if (Obstacle(next, cancellation) is { } obstacle)
                    Skip(next.Work, obstacle);
                else if (next.Work.Nodes[0].Action == PlanAction.Run)
                    running.Add(Begin(next.Work, cancellation));
                else
                    PointAndSkip(next.Work);
            }
            else
            {
                await Task.WhenAny(running.Select(work => work.Task));
                var ended = running.First(work => work.Task.IsCompleted);
                running.Remove(ended);
                await EndAsync(ended, cancellation);

                // Else the stage's last frames are still below us on the stack, and hold what it worked with.
                await Task.Yield();
                StageMemory.GiveBack();
            }
        }

        if (Exit == ExitCode.Ok && notMade.Count > 0 && cancellation.IsCancellationRequested)
            Exit = request.CancelledBy();
    }

    /// <summary>Nodes of one stage that do the same go together: as many as are taken at once, or all if nothing runs.</summary>
    List<StageWork> Group()
    {
        List<List<PlannedNode>> groups = [];
        foreach (var node in plan.Selected)
        {
            var last = groups.Count > 0 ? groups[^1] : null;
            var limit = node.Action == PlanAction.Run ? request.Executor.SeedsAtOnce(node.Node.Stage) : int.MaxValue;
            if (last is not null && last[0].Node.Path == node.Node.Path && last[0].Action == node.Action && last.Count < limit)
                last.Add(node);
            else
                groups.Add([node]);
        }

        return [.. groups.Select((nodes, index) => new StageWork(nodes, index + 1, groups.Count) { Writer = locks[nodes[0].Node.Dataset].Staging.Token })];
    }

    /// <summary>Why a work cannot begin; null if it can.</summary>
    string? Obstacle(WaitingWork waiting, CancellationToken cancellation)
    {
        if (waiting.Work.Nodes[0].Action == PlanAction.Skip)
            return null;
        if (cancellation.IsCancellationRequested)
            return "the run was cancelled";
        if (Array.Find(waiting.Upstream, notMade.Contains) is { } missing)
            return $"waits for {missing.Title}, which was not made";
        return failures.Count > 0 && !request.KeepsGoing ? "the run ended before it" : null;
    }

    StageGraph GraphOf(StageNode node) => plan.Graphs.First(graph => graph.Dataset == node.Dataset);

    void Skip(StageWork work, string reason)
    {
        open.ExceptWith(work.Nodes.Select(node => node.Node));
        notMade.UnionWith(work.Nodes.Where(node => node.Action == PlanAction.Run).Select(node => node.Node));
        journal.Skipped(work, reason);
    }

    void PointAndSkip(StageWork work)
    {
        foreach (var node in work.Nodes)
            MoveCurrent(node);
        Skip(work, work.Reason);
    }

    RunningWork Begin(StageWork work, CancellationToken cancellation)
    {
        var running = new RunningWork(work, journal.Starting(work), clock.GetTimestamp());
        running.Task = ExecuteAsync(running, cancellation);
        return running;
    }

    async Task ExecuteAsync(RunningWork running, CancellationToken cancellation)
    {
        using var limit = new StageLimit(request, clock.GetElapsedTime(began), clock, cancellation);
        try
        {
            await Attempts(running).ExecuteAsync(token => TryAsync(running, token), limit.Token);
            cancellation.ThrowIfCancellationRequested();
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            // A person's cancellation is one, even if the time is up as well.
            throw limit.Explain(error);
        }
    }

    /// <summary>A stage begins again after a passing error; what it left behind is emptied, or gone on from, as after a run that failed.</summary>
    ResiliencePipeline Attempts(RunningWork running) => request.StageRetries == 0
        ? ResiliencePipeline.Empty
        : new ResiliencePipelineBuilder { TimeProvider = clock }.AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = request.StageRetries,
            Delay = request.StageRetryDelay,
            BackoffType = DelayBackoffType.Exponential,
            ShouldHandle = outcome => ValueTask.FromResult(outcome.Outcome.Exception is { } error && StageFailures.IsTransient(error)),
            OnRetry = retry =>
            {
                journal.Retried(running.Work, running.Watched, retry.AttemptNumber + 1, retry.Outcome.Exception!, retry.RetryDelay);
                return ValueTask.CompletedTask;
            },
        }).Build();

    /// <param name="token">Cancelled by the cancellation, or by a limit: a stage that ends well in spite of the limit is kept.</param>
    async ValueTask TryAsync(RunningWork running, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        var work = running.Work;

        // Who lost the dataset to another must not even empty a folder: by now it is the other's.
        locks[work.Dataset].RequireHeld();
        foreach (var node in work.Nodes)
            running.Outputs[node.Node] = writer.Open(node, locks[work.Dataset].Staging);
        foreach (var node in work.Nodes)
            running.Inputs[node.Node] = Inputs(node);
        var context = new StageContext(
            work.Dataset, work.Seeds, [.. running.Inputs.Values.SelectMany(list => list).DistinctBy(input => (input.Artifact, input.Path))],
            [.. running.Outputs.Values.SelectMany(list => list)], request.Threads, clock, running.Watched);
        await request.Executor.RunAsync(journal.Run, work, context, token);
    }

    async Task EndAsync(RunningWork running, CancellationToken cancellation)
    {
        var work = running.Work;
        open.ExceptWith(work.Nodes.Select(node => node.Node));
        try
        {
            await running.Task;
            var manifests = work.Nodes.SelectMany(node => writer.Finish(node, running.Outputs[node.Node], running.Inputs[node.Node], locks[work.Dataset].Staging)).ToList();
            foreach (var node in work.Nodes)
                MoveCurrent(node);
            if (work.Stage.Publishes.Count > 0)
                journal.Published(work);
            if (work.Stage.Writes.Count == 0)
                locks[work.Dataset].Staging.SetPassed(work.Stage, work.Nodes[0].Fingerprint);
            var outcome = new StageOutcome(
                clock.GetElapsedTime(running.Started),
                manifests.Exists(made => made.Rows is not null) ? manifests.Sum(made => made.Rows ?? 0) : null,
                manifests.Sum(made => made.Bytes));
            journal.Finished(work, outcome);
        }
        catch (Exception error)
        {
            // Who lost the dataset has no other cause.
            var cause = locks[work.Dataset].Lost() ?? error;
            Fail(running, StageFailures.From(cause, work, running.Watched, clock.GetElapsedTime(running.Started), cancellation, request));
        }
    }

    void Fail(RunningWork running, StageFailure failure)
    {
        notMade.UnionWith(running.Work.Nodes.Select(node => node.Node));
        failures.Add(failure);
        if (Exit == ExitCode.Ok)
            Exit = failure.Exit;
        if (failure.Exit == ExitCode.Busy)
            running.Outputs.Clear(); // They are another's by now.
        foreach (var (node, folders) in running.Outputs)
            GenerationWriter.Discard(node, folders, locks[node.Dataset].Staging);
        journal.Failed(running.Work, failure);
    }

    IReadOnlyList<InputFolder> Inputs(PlannedNode node) =>
    [
        .. node.Inputs.Select(input => (input.Artifact, input.Writer.Seed, Folder: root.Generation(node.Node.Dataset, input.Artifact, input.Fingerprint)))
            .Select(input => new InputFolder(input.Artifact, input.Seed, input.Folder, ManifestFile.Read(input.Folder))),
    ];

    void MoveCurrent(PlannedNode node)
    {
        foreach (var (index, move) in node.Moves.Index())
        {
            if (index > 0 && node.Node.Stage.Publishes.Count > 0)
                CrashPoint.Reached(CrashPoint.PublishBetween);
            var held = locks[node.Node.Dataset];
            held.Do(() => held.Staging.Point(move.Artifact, move.Generation));
        }
    }

    /// <param name="Upstream">What has to be there before it begins.</param>
    sealed record WaitingWork(StageWork Work, StageNode[] Upstream);

    /// <summary>A work that is under way.</summary>
    sealed record RunningWork(StageWork Work, WatchedStage Watched, long Started)
    {
        public Dictionary<StageNode, IReadOnlyList<OutputFolder>> Outputs { get; } = [];

        public Dictionary<StageNode, IReadOnlyList<InputFolder>> Inputs { get; } = [];

        public Task Task { get; set; } = Task.CompletedTask;
    }
}
