using Pipeline.Features;
using Pipeline.Kernels.Cpu;
using Pipeline.Models;
using Pipeline.Models.Towers;
using Pipeline.Stages;
using Pipeline.Unit.Kernels;

namespace Pipeline.Unit.Models;

public class TrainerTests
{
    static readonly TrainingOptions Options = new() { Batch = 8, LearningRate = 1e-3, Steps = 12, ProbeEverySteps = 4, ProbeUsers = 2 };

    // Thirteen candidates are four items, of which each user took two: every way to be no candidate occurs.
    static readonly LossOptions Sampled = new() { Kind = LossKind.SampledSoftmax, Sampler = Sampler.Mixed, Extra = 5 };

    public static TheoryData<string> Towers => [.. AllTowers.List.Select(tower => tower.Name)];

    public static TheoryData<string, LossKind> Cases
    {
        get
        {
            var data = new TheoryData<string, LossKind>();
            foreach (var tower in AllTowers.List)
            {
                data.Add(tower.Name, LossKind.Mse);
                data.Add(tower.Name, LossKind.SampledSoftmax);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Three_seeds_at_once_give_the_bytes_of_one_by_one(string tower, LossKind loss)
    {
        var together = Train(tower, loss, 2, 12, 1, 2, 3);

        for (var replica = 0; replica < 3; replica++)
        {
            AssertSame(Train(tower, loss, 2, 12, replica + 1)[0], together[replica]);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Any_number_of_threads_gives_the_same_bytes(string tower, LossKind loss)
    {
        var one = Train(tower, loss, 1, 12, 5)[0];

        AssertSame(one, Train(tower, loss, 2, 12, 5)[0]);
        AssertSame(one, Train(tower, loss, 3, 12, 5)[0]);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Other_seeds_give_other_models(string tower, LossKind loss)
    {
        var models = Train(tower, loss, 1, 3, 1, 2);

        Assert.NotEqual(models[0].Values, models[1].Values);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Restored_training_ends_where_unbroken_training_ends(string tower, LossKind loss)
    {
        var unbroken = Train(tower, loss, 2, 12, 7)[0];
        var broken = Train(tower, loss, 2, 5, 7)[0];

        using var kernels = new CpuKernels(2);
        var trainer = NewTrainer(kernels, tower, loss, 7);
        trainer.Restore(0, broken);
        Run(trainer, 12);

        AssertSame(unbroken, trainer.Capture(0));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Step_allocates_nothing_after_the_first(string tower, LossKind loss)
    {
        using var kernels = new CpuKernels(1);
        var trainer = NewTrainer(kernels, tower, loss, 1, 2);
        var least = long.MaxValue;
        for (var round = 0; round < Allocations.Rounds; round++)
        {
            // An epoch has 96 / 8 = 12 steps; the first draws its stream, once in thousands of steps.
            Advance(3);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Advance(9);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);

        void Advance(int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                trainer.Advance();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Towers))]
    public void Loss_falls(string tower)
    {
        using var kernels = new CpuKernels(2);
        var trainer = new Trainer(kernels, Tower(tower), Options with { LearningRate = 3e-3 }, [Set(3)]);
        var before = trainer.Validate(0);
        while (trainer.Step < 600)
        {
            trainer.Advance();
        }

        Assert.True(trainer.Validate(0) < 0.5 * before, $"{before} -> {trainer.Validate(0)}");
    }

    [Fact]
    public void Epoch_uses_every_pair_once_and_the_next_in_another_order()
    {
        var order = new BatchOrder(1, 24, 8);
        int[] Epoch(int first) => [.. Enumerable.Range(first, 3).SelectMany(step => order.Of(step).ToArray())];

        int[] one = Epoch(0), two = Epoch(3);

        Assert.Equal(Enumerable.Range(0, 24), one.Order());
        Assert.Equal(Enumerable.Range(0, 24), two.Order());
        Assert.NotEqual(one, two);
        // Going back gives the first order again: it depends on seed and step alone.
        Assert.Equal(one, Epoch(0));
    }

    [Fact]
    public void Fewer_pairs_than_a_batch_are_refused()
    {
        var error = Assert.Throws<PipelineException>(() => new BatchOrder(1, 7, 8));

        Assert.Equal("There are 7 training pairs, fewer than a batch (8). Ask for more pairs or a smaller batch.", error.Message);
    }

    static Trainer NewTrainer(CpuKernels kernels, string tower, LossKind loss, params int[] seeds) => loss == LossKind.Mse
        ? new(kernels, Tower(tower), Options, [.. seeds.Select(Set)])
        : new(kernels, Tower(tower), Options, [.. seeds.Select(TakenSet)], Sampled);

    static CheckpointState[] Train(string tower, LossKind loss, int threads, int steps, params int[] seeds)
    {
        using var kernels = new CpuKernels(threads);
        var trainer = NewTrainer(kernels, tower, loss, seeds);
        Run(trainer, steps);
        return [.. seeds.Select((_, replica) => trainer.Capture(replica))];
    }

    static void Run(Trainer trainer, int steps)
    {
        while (trainer.Step < steps)
        {
            if (trainer.Step % Options.ProbeEverySteps == 0)
            {
                trainer.TakeProbe();
            }

            trainer.Advance();
        }
    }

    static void AssertSame(CheckpointState expected, CheckpointState actual)
    {
        Assert.Equal(expected.Step, actual.Step);
        Assert.Equal(expected.Values, actual.Values);
        Assert.Equal(expected.FirstMoments, actual.FirstMoments);
        Assert.Equal(expected.SecondMoments, actual.SecondMoments);
        Assert.Equal(expected.LossSum, actual.LossSum);
        Assert.Equal(expected.Probes.Select(probe => probe.Step), actual.Probes.Select(probe => probe.Step));
        Assert.Equal(expected.Probes.SelectMany(probe => probe.Scores), actual.Probes.SelectMany(probe => probe.Scores));
        Assert.Equal(expected.Probes.SelectMany(probe => probe.Items), actual.Probes.SelectMany(probe => probe.Items));
    }

    static ITowerOptions Tower(string name) => name == "mamba"
        ? new MambaOptions { TokenWidth = 16, Layers = 2, StateWidth = 4, ConvolutionWidth = 4 }
        : new TransformerOptions { TokenWidth = 16, Layers = 2, FeedForwardWidth = 40 };

    /// <summary>Six users and four items; a user likes the items of its own parity.</summary>
    internal static TrainingSet Set(int seed)
    {
        var users = new EncodedTable(
            new FeatureSpec(["even", "size"], [new CategoryFeature("kind", 3)]), ["a", "b", "c", "d", "e", "f"], null,
            [0, .1f, 1, .2f, 0, .3f, 1, .4f, 0, .5f, 1, .6f], [0, 1, 2, 0, 1, 2]);
        var items = new EncodedTable(new FeatureSpec([], [new CategoryFeature("item", 4)]), ["w", "x", "y", "z"], null, [], [0, 1, 2, 3]);
        var pairs = Enumerable.Range(0, 96).Select(i => (User: i % 6, Item: i / 6 % 4)).ToArray();
        var train = new Pairs([.. pairs.Select(pair => pair.User)], [.. pairs.Select(pair => pair.Item)], [.. pairs.Select(pair => (pair.User + pair.Item) % 2 == 0 ? 1 : -1)]);
        var test = new TestUsers([0, 1, 2], [[0, 2], [], [0, 2]]);
        return new TrainingSet(seed, users, items, train, train, test, TrainingSet.ChooseProbeUsers(test, Options.ProbeUsers), LabelTarget.Liked);
    }

    /// <summary>The users and items of <see cref="Set"/>; a user took the items of its own parity.</summary>
    internal static TrainingSet TakenSet(int seed)
    {
        int[] users = [.. Enumerable.Range(0, 96).Select(i => i % 6)], items = [.. users.Select((user, i) => (user % 2) + (2 * (i / 6 % 2)))];
        var pairs = new Pairs(users, items, [.. users.Select(_ => 1)]);
        return Set(seed) with
        {
            Train = pairs,
            Validation = pairs,
            Frequencies = ItemFrequencies.Of(items, 4),
            History = History.Of(new Interactions(users, items, new int[96]), 6),
        };
    }
}
