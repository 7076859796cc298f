using Pipeline.Stages;

namespace Pipeline.Unit.Stages;

/// <summary>The least that publishes two lists together: users -> {mamba, transformer} -> publish. Its options make other generations.</summary>
sealed class TwoLists : IDisposable
{
    public const string Mamba = "4-topk/mamba", Transformer = "4-topk/transformer";

    static readonly LockHolder Holder = new(1, "mill", null, "pipeline rollback toy", new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero));

    readonly TempFolder folder = new(isInMemory: true);

    public TwoLists()
    {
        Root = new DataRoot(folder.File("data"));
        Users = new("users", [], ["2-features/users"]);
        MambaLists = new("export/mamba", ["2-features/users"], [Mamba]) { Seeds = SeedScope.First };
        TransformerLists = new("export/transformer", ["2-features/users"], [Transformer]) { Seeds = SeedScope.First };
        Report = new("report", ["2-features/users"], ["5-report"]);
        Publish = new("publish", ["5-report", "2-features/users", Mamba, Transformer], []) { Seeds = SeedScope.First, PublishedFolders = [Mamba, Transformer] };
    }

    public DataRoot Root { get; }

    public HandClock Clock { get; } = new();

    public ToyStage Users { get; }

    public ToyStage MambaLists { get; }

    public ToyStage TransformerLists { get; }

    public ToyStage Report { get; }

    public ToyStage Publish { get; }

    public StageGraph Graph => new("toy", [Users, MambaLists, TransformerLists, Report, Publish], [1]);

    public RunRequest Request => new() { Graphs = [Graph], ToolVersion = "1.0", Simd = "test", Selection = ["toy"] };

    /// <summary>Names of the generations that are current: of mamba, then of transformer.</summary>
    public (string? Mamba, string? Transformer) Current => (Of(Mamba), Of(Transformer));

    /// <summary>A night in which both lists are others than with any other label.</summary>
    public Task<RunResult> NightAsync(string label)
    {
        Users.Toy = new ToyOptions { Label = label };
        return RunAsync();
    }

    public async Task<RunResult> RunAsync(RunRequest? request = null)
    {
        Clock.Now += TimeSpan.FromSeconds(1);
        return await new StageRunner(Root, Clock, new RecordingListener()).RunAsync(request ?? Request, CancellationToken.None);
    }

    public Task<RunResult> PublishAsync(string to) => RunAsync(Request with { PublishTo = to, Selection = ["toy/publish"] });

    public IReadOnlyList<CurrentChange> Back(string? artifact = null, string? to = null) => new Rollback(Root, Clock).Back(Graph, artifact, to, Holder);

    public IReadOnlyDictionary<string, string> Release(string? artifact = null) => new Rollback(Root, Clock).Release(Graph, artifact, Holder);

    public Plan Plan() => new Planner(Root, Clock).Make([Graph], []);

    public PlannedNode Planned(ToyStage stage) => Plan().Nodes.Single(node => node.Node.Stage == stage);

    public PruneResult Prune() => new Pruner(Root, Clock).Prune([Graph], Holder, isDryRun: false);

    public IReadOnlyList<LedgerEntry> Ledger(LedgerEvent what) => [.. new Ledger(Root, Clock).Read().Entries.Where(entry => entry.Event == what)];

    /// <summary>As the ledger tells of a night that published one list alone.</summary>
    public void TellPublished(string artifact, string generation) => new Ledger(Root, Clock).Append(new LedgerEntry
    {
        Event = LedgerEvent.Published,
        Run = "20260101-000000-000",
        Datasets = ["toy"],
        Generations = new Dictionary<string, string> { [artifact] = generation },
    });

    public string Folder(string artifact, string generation) => Path.Combine(Root.Dataset("toy"), artifact, generation);

    public void Dispose() => folder.Dispose();

    string? Of(string artifact) => Root.Current("toy", new Artifact(artifact, artifact));
}
