using Pipeline.Stages;

namespace Pipeline.Host.Dashboard;

/// <summary>
/// What the present configuration asks for, by dataset, against what lies on the disk. A plan reads manifests and raw folders, so it is
/// remembered until the ledger grows, for some seconds at most; raw files that were never hashed are hashed in the background.
/// </summary>
sealed class Plans
{
    static readonly TimeSpan Age = TimeSpan.FromSeconds(5);

    /// <summary>Only one at a time writes the hashes of raw files.</summary>
    readonly SemaphoreSlim turn = new(1);
    readonly Dictionary<string, Remembered<DatasetPlan>> byDataset;
    readonly TimeProvider clock;

    public Plans(Session session, LedgerIndex ledger)
    {
        clock = session.Clock;
        byDataset = session.Datasets.ToDictionary(
            dataset => dataset.Name,
            dataset => new Remembered<DatasetPlan>(() => MakeAsync(session, dataset), () => ledger.Length, clock, Age),
            StringComparer.Ordinal);
    }

    /// <summary>How long a page waits for a plan before it shows the last one, or says that it is not known yet.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Null while it is worked out for the first time.</summary>
    /// <param name="dataset">A dataset that there is.</param>
    public DatasetPlan? Of(string dataset) => byDataset[dataset].Get(Patience);

    /// <summary>Of several; all together take no longer than one.</summary>
    public IReadOnlyDictionary<string, DatasetPlan?> Of(IReadOnlyList<string> datasets)
    {
        var started = clock.GetTimestamp();
        foreach (var dataset in datasets)
        {
            byDataset[dataset].Get(TimeSpan.Zero);
        }

        return datasets.ToDictionary(dataset => dataset, dataset => byDataset[dataset].Get(Left(started)), StringComparer.Ordinal);
    }

    TimeSpan Left(long started) => Patience - clock.GetElapsedTime(started) is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    async Task<DatasetPlan> MakeAsync(Session session, IDatasetPipeline dataset)
    {
        await turn.WaitAsync();
        try
        {
            return await Task.Run(() => DatasetPlan.Make(session, dataset));
        }
        finally
        {
            turn.Release();
        }
    }
}

/// <param name="Plan">Null if it cannot be made.</param>
/// <param name="Problem">Why it cannot be made, as with a raw folder that is absent; null if it can.</param>
sealed record DatasetPlan(StageGraph Graph, Plan? Plan, string? Problem)
{
    public static DatasetPlan Make(Session session, IDatasetPipeline dataset)
    {
        var graph = session.Graph(dataset);
        try
        {
            return new DatasetPlan(graph, new Planner(session.Data, session.Clock).Make([graph], []), null);
        }
        catch (PipelineException error)
        {
            return new DatasetPlan(graph, null, error.Message);
        }
    }
}
