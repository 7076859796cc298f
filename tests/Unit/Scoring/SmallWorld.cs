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
/// nothing. A user likes the items of its own residue modulo 4.
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

    public SmallWorld(params int[] seeds)
    {
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

    public SmallWorld Train() => Each(tower => new TrainStage(tower, Training));

    /// <summary>Lists of the test users by all towers and baselines.</summary>
    public SmallWorld Score()
    {
        Each(tower => new ScoreStage(tower.Name, Lists));
        foreach (var baseline in AllBaselines.List)
        {
            Harness.Run(new BaselineStage(baseline, Lists), seeds);
        }

        return this;
    }

    public SmallWorld Export() => Each(tower => new ExportStage(tower.Name, Lists));

    public SmallWorld Report() => Run(new ReportStage(Towers, new ReportOptions { Resamples = 100 }));

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
        var spec = new FeatureSpec(["a", "b", "c", "d"], []);
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
            [.. testUsers.Select((user, t) => t == TestUserCount - 1 ? [] : Enumerable.Range(0, ItemCount).Where(item => item % 4 == user % 4).ToArray())]);
        var tests = Harness.Output(FeatureArtifacts.Test, seed);
        test.Write(tests, Users, Items);
        Harness.Add(tests);
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
