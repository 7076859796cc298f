using Pipeline.Stages;

namespace Pipeline.Unit.Stages;

/// <summary>
/// A small dataset with every kind of stage, in a folder of its own:
/// raw -> read -> {a, b}; a -> split (per seed) -> train (per seed, two at once) -> {score (per seed) -> report (all), export (first)}
/// -> publish; and b -> count, which depends on nothing else.
/// </summary>
sealed class ToyPipeline : IDisposable
{
    readonly TempFolder folder = new();

    public ToyPipeline()
    {
        folder.Write("raw/blues.csv", "one,two\n1,2\n");
        folder.Write("raw/lists/rock.csv", "one,two\n3,4\n");
        Root = new DataRoot(folder.File("data"));
        Read = new("read", [], ["1-tables/a", "1-tables/b"]) { RawFolders = [RawPath] };
        Count = new("count", ["1-tables/b"], ["2-features/count"]);
        Split = new("split", ["1-tables/a"], ["2-features/train"]) { Seeds = SeedScope.Each };
        Train = new("train/mamba", ["2-features/train"], ["3-models/mamba"]) { Seeds = SeedScope.Each, SeedsAtOnce = 2, IsResumable = true };
        Score = new("score/mamba", ["3-models/mamba", "1-tables/a"], ["4-topk/mamba-test"]) { Seeds = SeedScope.Each };
        Export = new("export/mamba", ["3-models/mamba"], ["4-topk/mamba"]) { Seeds = SeedScope.First };
        Report = new("report", ["4-topk/mamba-test"], ["5-report"]) { Seeds = SeedScope.All };
        Publish = new("publish", ["5-report"], []) { Seeds = SeedScope.First, PublishedFolders = ["4-topk/mamba"] };
    }

    public DataRoot Root { get; }

    public HandClock Clock { get; } = new();

    public RecordingListener Listener { get; private set; } = new();

    public int[] Seeds { get; set; } = [1, 2, 3];

    public ToyStage Read { get; }

    public ToyStage Count { get; }

    public ToyStage Split { get; }

    public ToyStage Train { get; }

    public ToyStage Score { get; }

    public ToyStage Export { get; }

    public ToyStage Report { get; }

    public ToyStage Publish { get; }

    public ToyStage[] Stages => [Publish, Report, Export, Score, Train, Split, Count, Read];

    public string RawPath => folder.File("raw");

    public StageGraph Graph => new("toy", Stages, Seeds);

    public RunRequest Request => new() { Graphs = [Graph], ToolVersion = "1.0", Simd = "test", Arguments = ["pipeline", "run"], Threads = 2 };

    /// <summary>Runs everything, or what is selected; the listener then holds this run only.</summary>
    public Task<RunResult> RunAsync(params string[] selection) => RunAsync(Request with { Selection = selection });

    public async Task<RunResult> RunAsync(RunRequest request, CancellationToken cancellation = default)
    {
        Listener = new();
        Clock.Now += TimeSpan.FromSeconds(1);
        return await new StageRunner(Root, Clock, Listener).RunAsync(request, cancellation);
    }

    public Plan Plan(params string[] selection) => new Planner(Root, Clock).Make([Graph], selection);

    /// <summary>Names of the stages that a plan would run, in its order.</summary>
    public string[] ToRun(params string[] selection) => [.. Plan(selection).Selected.Where(node => node.Action == PlanAction.Run).Select(node => node.Node.Stage.Name).Distinct()];

    public PlannedNode Planned(ToyStage stage, int index = 0) => Plan().Nodes.Where(node => node.Node.Stage == stage).ElementAt(index);

    public string CurrentFolder(string artifact) => Root.CurrentFolder("toy", new Artifact(artifact, artifact))!;

    public void Dispose() => folder.Dispose();
}
