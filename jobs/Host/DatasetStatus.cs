using Pipeline.Stages;

namespace Pipeline.Host;

/// <summary>How one dataset stands: what the plan says of its stages, and what the ledger says of its last run.</summary>
sealed record DatasetStatus
{
    public required string Dataset { get; init; }

    /// <summary>Who writes it now; null if nobody.</summary>
    public LockHolder? Holder { get; init; }

    public RunRecord? LastRun { get; init; }

    /// <summary>Generations that `current` is pinned at, by artifact folder.</summary>
    public IReadOnlyDictionary<string, string> Pinned { get; init; } = new Dictionary<string, string>();

    /// <summary>Absolute path of the current report's page; null if there is none.</summary>
    public string? Report { get; init; }

    /// <summary>Why the stages are not known, as with a raw folder that is absent; null if they are.</summary>
    public string? Problem { get; init; }

    public IReadOnlyList<StageStatus> Stages { get; init; } = [];

    /// <param name="runs">All runs of the data root, the oldest first.</param>
    public static DatasetStatus Of(Session session, IDatasetPipeline dataset, IReadOnlyList<RunRecord> runs)
    {
        var last = runs.LastOrDefault(run => run.Datasets.Contains(dataset.Name));
        var status = new DatasetStatus
        {
            Dataset = dataset.Name,
            Holder = DatasetLock.Holder(session.Data, dataset.Name),
            LastRun = last,
            Report = ReportFile.Current(session.Data, dataset.Name)?.Page,
        };
        try
        {
            var plan = new Planner(session.Data, session.Clock).Make([session.Graph(dataset)], []);
            return status with { Pinned = Pins.Read(session.Data, dataset.Name), Stages = StagesOf(plan, last) };
        }
        catch (PipelineException error) when (error.Code == ExitCode.InputMissing)
        {
            return status with { Problem = error.Message };
        }
    }

    public object Describe() => new
    {
        dataset = Dataset,
        running = Holder,
        lastRun = LastRun is null ? null : new { run = LastRun.Run, state = LastRun.State, started = LastRun.Started, finished = LastRun.Finished },
        pinned = Pinned,
        report = Report,
        problem = Problem,
        stages = Stages,
    };

    /// <summary>Every stage of a plan once, in the order of running.</summary>
    /// <param name="last">The dataset's last run; null if it never ran.</param>
    public static IReadOnlyList<StageStatus> StagesOf(Plan plan, RunRecord? last) => [.. plan.Nodes.GroupBy(node => node.Node.Path).Select(nodes => StageOf([.. nodes], last))];

    static StageStatus StageOf(List<PlannedNode> nodes, RunRecord? last)
    {
        var path = nodes[0].Node.Path;
        var record = last?.Stages.LastOrDefault(stage => stage.Stage == path);
        if (record?.State == RunState.Running)
        {
            return new StageStatus(path, "running", record.Reason ?? "");
        }

        var stale = nodes.Where(node => node.Action != PlanAction.Skip).ToList();
        return stale.Count == 0 ? new StageStatus(path, "fresh", "") : record?.State switch
        {
            RunState.Failed or RunState.Cancelled or RunState.Crashed =>
                new StageStatus(path, record.State.ToString().ToLowerInvariant(), record.Message ?? "Its process ended without a word. Go on with: pipeline resume"),
            _ => new StageStatus(path, "stale", string.Join("; ", stale.Select(node => node.Reason).Distinct(StringComparer.Ordinal))),
        };
    }
}

/// <param name="State">"fresh", "stale", "running", "failed", "cancelled" or "crashed".</param>
sealed record StageStatus(string Stage, string State, string Why);
