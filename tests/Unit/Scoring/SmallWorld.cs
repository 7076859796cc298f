using Pipeline.Features;
using Pipeline.Models;
using Pipeline.Models.Towers;
using Pipeline.Scoring;
using Pipeline.Scoring.Baselines;
using Pipeline.Scoring.Report;
using Pipeline.Stages;

namespace Pipeline.Unit.Scoring;

/// <summary>
/// A dataset small enough to train within a blink: 40 users of 12 distinct rows, 16 items, 24 test users of whom the last likes
/// nothing. A user likes the items of its own residue modulo 4. Where it has a history, the first 30 users took something between day 100
/// and day 129, and test users like items outside the catalogue too: none, one or two in turn, and one the last, who likes nothing in it.
/// </summary>
sealed class SmallWorld : IDisposable
{
    public const int UserCount = 40, ItemCount = 16, DistinctRows = 12, TestUserCount = 24;

    public static readonly string[] Towers = ["mamba", "transformer"];

    // Linear: so short a training may leave a ReLU output dead.
    static readonly HeadOptions Head = new() { HiddenWidth = 8, EmbeddingWidth = 8, Output = HeadOutput.Linear };

    static readonly ITowerOptions[] TowerOptions =
    [
        new MambaOptions { TokenWidth = 8, Layers = 1, StateWidth = 4, ConvolutionWidth = 4, Head = Head },
        new TransformerOptions { TokenWidth = 8, Layers = 1, FeedForwardWidth = 16, Head = Head },
    ];

    static readonly TrainingOptions Training = new() { Steps = 20, Batch = 8, ProbeEverySteps = 10, ProbeUsers = 10, LearningRate = 0.01 };

    readonly int[] seeds;
    readonly bool hasHistory;

    public SmallWorld(params int[] seeds)
        : this(hasHistory: false, seeds)
    {
    }

    public SmallWorld(bool hasHistory, params int[] seeds)
    {
        this.hasHistory = hasHistory;
        this.seeds = seeds.Length == 0 ? [1] : seeds;
        Users = MakeUsers();
        Items = new EncodedTable(new FeatureSpec([], [new CategoryFeature("item", ItemCount)]), Ids("item", ItemCount), null, [], [.. Enumerable.Range(0, ItemCount)]);
        var users = Harness.Output(FeatureArtifacts.Users);
        Users.Write(users);
        Harness.Add(users);
        var items = Harness.Output(FeatureArtifacts.Items);
        Items.Write(items);
        Harness.Add(items);
        foreach (var seed in this.seeds)
        {
            AddSeed(seed);
        }
    }

    public StageHarness Harness { get; } = new(threads: 2);

    public EncodedTable Users { get; }

    public EncodedTable Items { get; }

    public ListOptions Lists { get; init; } = new();

    public string? Label { get; init; }

    /// <summary>The history of a seed.</summary>
    public History History(int seed = 1) => Pipeline.Features.History.Of(Interactions.Read(Harness.Input(FeatureArtifacts.History, seed), ItemCount), UserCount);

    IReadOnlyList<IBaseline> Baselines => hasHistory ? AllBaselines.Of(new BaselineOptions()) : AllBaselines.WithoutHistory;

    public SmallWorld Train() => Each(tower => new TrainStage(tower, Training));

    /// <summary>Lists of the test users by all towers and baselines.</summary>
    public SmallWorld Score()
    {
        Each(tower => new ScoreStage(tower.Name, Lists, hasHistory ? FeatureArtifacts.History : null));
        foreach (var baseline in Baselines)
        {
            Harness.Run(new BaselineStage(baseline, Lists, hasHistory), seeds);
        }

        return this;
    }

    public SmallWorld Export() => Each(tower => new ExportStage(tower.Name, Lists));

    public SmallWorld Report() => Run(new ReportStage(Towers, Baselines, new ReportOptions { Resamples = 100, Label = Label }, hasHistory));

    public SmallWorld Publish() => Run(new PublishStage(Towers, Lists));

    public SmallWorld Run(IStage stage)
    {
        Harness.Run(stage, seeds);
        return this;
    }

    public TestLists TestLists(string list, int seed = 1) => Pipeline.Scoring.TestLists.Read(Harness.Input(ScoringArtifacts.TestLists(list), seed), TestUserCount);

    public void Dispose() => Harness.Dispose();

    static string[] Ids(string prefix, int count) => [.. Enumerable.Range(0, count).Select(i => $"{prefix}-{i:D2}")];

    /// <summary>Row u has the features of row u modulo 12.</summary>
    static EncodedTable MakeUsers()
    {
        var spec = new FeatureSpec(["a", "b", "c", "age"], []);
        var numeric = Enumerable.Range(0, UserCount).Select(user => user % DistinctRows)
            .SelectMany(kind => new float[] { kind % 4 == 0 ? 1 : 0, kind % 4 == 1 ? 1 : 0, kind % 4 == 2 ? 1 : 0, kind / 4 });
        return new EncodedTable(spec, Ids("user", UserCount), null, [.. numeric], []);
    }

    void AddSeed(int seed)
    {
        var random = new RandomStream(seed, "small world");
        Pairs Draw(int count)
        {
            var (users, items, labels) = (new int[count], new int[count], new int[count]);
            for (var i = 0; i < count; i++)
            {
                (users[i], items[i]) = (random.NextInt(UserCount), random.NextInt(ItemCount));
                labels[i] = users[i] % 4 == items[i] % 4 ? 1 : -1;
            }

            return new Pairs(users, items, labels);
        }

        foreach (var (artifact, count) in new[] { (FeatureArtifacts.Train, 160), (FeatureArtifacts.Validation, 16) })
        {
            var output = Harness.Output(artifact, seed);
            Draw(count).Write(output);
            Harness.Add(output);
        }

        int[] testUsers = [.. Enumerable.Range(0, TestUserCount).Select(_ => random.NextInt(UserCount))];
        var test = new TestUsers(
            testUsers,
            [.. testUsers.Select((user, t) => t == TestUserCount - 1 ? [] : Enumerable.Range(0, ItemCount).Where(item => item % 4 == user % 4).ToArray())],
            hasHistory ? [.. testUsers.Select((_, t) => t == TestUserCount - 1 ? 1 : t % 3)] : null);
        var tests = Harness.Output(FeatureArtifacts.Test, seed);
        test.Write(tests, Users, Items);
        Harness.Add(tests);
        if (hasHistory)
        {
            AddHistory(seed);
        }
    }

    void AddHistory(int seed)
    {
        var random = new RandomStream(seed, "small history");
        var rows = Enumerable.Range(0, 200).Select(_ => (User: random.NextInt(30), Item: random.NextInt(ItemCount), Day: 100 + random.NextInt(30)))
            .OrderBy(row => row).ToList();
        var output = Harness.Output(FeatureArtifacts.History, seed);
        new Interactions([.. rows.Select(row => row.User)], [.. rows.Select(row => row.Item)], [.. rows.Select(row => row.Day)]).Write(output);
        Harness.Add(output);
    }

    SmallWorld Each(Func<ITowerOptions, IStage> stage)
    {
        foreach (var tower in TowerOptions)
        {
            Run(stage(tower));
        }

        return this;
    }
}
