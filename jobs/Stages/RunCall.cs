using System.Runtime;
using Polly;
using Polly.Retry;

namespace Pipeline.Stages;

/// <summary>The state of one run while it goes through its plan.</summary>
sealed class RunCall(DataRoot root, TimeProvider clock, RunJournal journal, RunRequest request, Plan plan, IReadOnlyDictionary<string, DatasetLock> locks)
{
    const long MuchMemory = 128L << 20;

    readonly GenerationWriter writer = new(root, request.ToolVersion, request.Simd);
    readonly HashSet<StageNode> notMade = [];
    readonly List<StageFailure> failures = [];
    readonly long began = clock.GetTimestamp();

    public IReadOnlyList<StageFailure> Failures => failures;

    /// <summary>Of the first failure; of the cancellation if there was one.</summary>
    public ExitCode Exit { get; private set; }

    public async Task RunAsync(CancellationToken cancellation)
    {
        var works = Group();
        foreach (var work in works)
        {
            if (Obstacle(work, cancellation) is { } obstacle)
                Skip(work, obstacle);
            else if (work.Nodes[0].Action == PlanAction.Run)
            {
                await RunAsync(work, cancellation);

                // Else the stage's last frames are still below us on the stack, and hold what it worked with.
                await Task.Yield();
                GiveBackMemory();
            }
            else
                PointAndSkip(work);
        }

        if (Exit == ExitCode.Ok && notMade.Count > 0 && cancellation.IsCancellationRequested)
            Exit = request.CancelledBy();
    }

    /// <summary>Nodes of one stage that do the same go together: as many as the stage takes at once, or all if nothing runs.</summary>
    List<StageWork> Group()
    {
        List<List<PlannedNode>> groups = [];
        foreach (var node in plan.Selected)
        {
            var last = groups.Count > 0 ? groups[^1] : null;
            var limit = node.Action == PlanAction.Run ? node.Node.Stage.SeedsAtOnce : int.MaxValue;
            if (last is not null && last[0].Node.Path == node.Node.Path && last[0].Action == node.Action && last.Count < limit)
                last.Add(node);
            else
                groups.Add([node]);
        }

        return [.. groups.Select((nodes, index) => new StageWork(nodes, index + 1, groups.Count))];
    }

    /// <summary>Why a work cannot begin; null if it can.</summary>
    string? Obstacle(StageWork work, CancellationToken cancellation)
    {
        if (work.Nodes[0].Action == PlanAction.Skip)
            return null;
        if (cancellation.IsCancellationRequested)
            return "the run was cancelled";
        if (work.Nodes.SelectMany(node => GraphOf(node.Node).UpstreamOf(node.Node)).FirstOrDefault(notMade.Contains) is { } missing)
            return $"waits for {missing.Title}, which was not made";
        return failures.Count > 0 && !request.KeepsGoing ? "the run ended before it" : null;
    }

    StageGraph GraphOf(StageNode node) => plan.Graphs.First(graph => graph.Dataset == node.Dataset);

    void Skip(StageWork work, string reason)
    {
        notMade.UnionWith(work.Nodes.Where(node => node.Action == PlanAction.Run).Select(node => node.Node));
        journal.Skipped(work, reason);
    }

    void PointAndSkip(StageWork work)
    {
        foreach (var node in work.Nodes)
            MoveCurrent(node);
        Skip(work, work.Reason);
    }

    async Task RunAsync(StageWork work, CancellationToken cancellation)
    {
        var watched = journal.Starting(work);
        var started = clock.GetTimestamp();
        var outputs = new Dictionary<StageNode, IReadOnlyList<OutputFolder>>();
        using var limit = new StageLimit(request, clock.GetElapsedTime(began), clock, cancellation);
        try
        {
            var manifests = await Attempts(work, watched).ExecuteAsync(token => TryAsync(work, watched, outputs, cancellation, token), limit.Token);
            var outcome = new StageOutcome(
                clock.GetElapsedTime(started), manifests.Exists(made => made.Rows is not null) ? manifests.Sum(made => made.Rows ?? 0) : null, manifests.Sum(made => made.Bytes));
            journal.Finished(work, outcome);
        }
        catch (Exception error)
        {
            // A person's cancellation is one, even if the time is up as well; and who lost the dataset has no other cause.
            var cause = locks[work.Dataset].Lost() ?? (cancellation.IsCancellationRequested ? error : limit.Explain(error));
            Fail(work, outputs, StageFailures.From(cause, work, watched, clock.GetElapsedTime(started), cancellation, request));
        }
    }

    /// <summary>A stage begins again after a passing error; what it left behind is emptied, or gone on from, as after a run that failed.</summary>
    ResiliencePipeline Attempts(StageWork work, WatchedStage watched) => request.StageRetries == 0
        ? ResiliencePipeline.Empty
        : new ResiliencePipelineBuilder { TimeProvider = clock }.AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = request.StageRetries,
            Delay = request.StageRetryDelay,
            BackoffType = DelayBackoffType.Exponential,
            ShouldHandle = outcome => ValueTask.FromResult(outcome.Outcome.Exception is { } error && StageFailures.IsTransient(error)),
            OnRetry = retry =>
            {
                journal.Retried(work, watched, retry.AttemptNumber + 1, retry.Outcome.Exception!, retry.RetryDelay);
                return ValueTask.CompletedTask;
            },
        }).Build();

    /// <param name="token">Cancelled by the cancellation, or by a limit: a stage that ends well in spite of the limit is kept.</param>
    async ValueTask<List<Manifest>> TryAsync(
        StageWork work, WatchedStage watched, Dictionary<StageNode, IReadOnlyList<OutputFolder>> outputs, CancellationToken cancellation, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();

        // Who lost the dataset to another must not even empty a folder: by now it is the other's.
        locks[work.Dataset].RequireHeld();
        foreach (var node in work.Nodes)
            outputs[node.Node] = writer.Open(node);
        var inputs = work.Nodes.ToDictionary(node => node.Node, Inputs);
        var context = new StageContext(
            work.Dataset, work.Seeds, [.. inputs.Values.SelectMany(list => list).DistinctBy(input => (input.Artifact, input.Path))],
            [.. outputs.Values.SelectMany(list => list)], request.Threads, clock, watched);
        await work.Stage.RunAsync(context, token);
        cancellation.ThrowIfCancellationRequested();
        var manifests = work.Nodes.SelectMany(node => writer.Finish(node, outputs[node.Node], inputs[node.Node], locks[work.Dataset])).ToList();
        foreach (var node in work.Nodes)
            MoveCurrent(node);
        if (work.Stage.Publishes.Count > 0)
            journal.Published(work);
        if (work.Stage.Writes.Count == 0)
            root.SetPassed(work.Dataset, work.Stage, work.Nodes[0].Fingerprint);
        return manifests;
    }

    /// <summary>
    /// A large stage leaves large arrays behind, and holes between them that the next one's do not fit into: under a limit it would run out of
    /// memory that nobody uses.
    /// </summary>
    static void GiveBackMemory()
    {
        // Twice at most: at the first time the thread that ended the stage may not have left it.
        for (var attempt = 0; attempt < 2 && GC.GetTotalMemory(forceFullCollection: false) > MuchMemory; attempt++)
        {
            GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }

    void Fail(StageWork work, Dictionary<StageNode, IReadOnlyList<OutputFolder>> outputs, StageFailure failure)
    {
        notMade.UnionWith(work.Nodes.Select(node => node.Node));
        failures.Add(failure);
        if (Exit == ExitCode.Ok)
            Exit = failure.Exit;
        if (failure.Exit == ExitCode.Busy)
            outputs.Clear(); // They are another's by now.
        foreach (var (node, folders) in outputs)
            GenerationWriter.Discard(node, folders);
        journal.Failed(work, failure);
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
            locks[node.Node.Dataset].RequireHeld();
            root.Point(node.Node.Dataset, move.Artifact, move.Generation);
        }
    }
}
