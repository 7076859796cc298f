using System.Diagnostics;
using Pipeline.Features;
using Pipeline.Integrations;
using Pipeline.Kernels;
using Pipeline.Models;
using Pipeline.Models.Towers;
using Pipeline.Stages;
using TorchSharp;
using Xunit.Abstractions;
using Own = Pipeline.Kernels.Cpu.CpuKernels;

namespace Pipeline.Unit.Integrations;

/// <summary>Torch counts the tensors of the whole process, so who compares the count is alone in it.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}

/// <summary>Models of one engine in the other, and what a step costs.</summary>
[Collection(Alone.Name)]
public sealed class EngineTests(ITestOutputHelper output)
{
    static readonly FeatureSpec Users = new([], [new CategoryFeature("a", 40), new CategoryFeature("b", 7), new CategoryFeature("c", 5), new CategoryFeature("d", 9)]);
    static readonly FeatureSpec Items = new(["loud", "fast", "long", "glad", "live"], [new CategoryFeature("genre", 12), new CategoryFeature("key", 12)]);

    public static TheoryData<string> Towers => new(AllTowers.List.Select(tower => tower.Name));

    [Theory]
    [MemberData(nameof(Towers))]
    public void A_model_trained_by_either_scores_in_the_other_with_equal_lists(string tower)
    {
        using var ours = new Own(2);
        using var theirs = new TorchKernels(2);
        foreach (var (trains, scores) in new (IKernels, IKernels)[] { (ours, theirs), (theirs, ours) })
        {
            using var folder = new TempFolder();
            var set = Set();
            var trained = Trainer(trains, tower, set);
            Advance(trained, 60);

            ModelFile.Write(folder.Path, Description(tower, set, trained), trains, trained.Model.Parameters, 0);
            var read = new TwoTower(scores, Options(tower), Users, Items, 1, 16, isTrained: false);
            ModelFile.ReadWeights(folder.Path, scores, read.Parameters);

            Assert.Equal(Lists(trains, trained.Model, set), Lists(scores, read, set));
        }
    }

    [Theory]
    [MemberData(nameof(Towers))]
    public void A_thousand_steps_leave_nothing_behind(string tower)
    {
        using var kernels = new TorchKernels(2);
        var trainer = Trainer(kernels, tower, Set());
        Advance(trainer, 300);
        var (before, bytes) = (torch.Tensor.TotalCount, WorkingSet());
        Advance(trainer, 1000);
        var grown = WorkingSet() - bytes;
        output.WriteLine($"{tower}, step 300 to {trainer.Step}: {before} and {torch.Tensor.TotalCount} tensors, working set {bytes >> 10} KiB and {grown >> 10} KiB more");

        // One tensor of a scan that is kept in each step would be some 300 MiB.
        Assert.InRange(grown, long.MinValue, 64L << 20);

        // Less is what the finalizers of other tests freed meanwhile.
        Assert.InRange(torch.Tensor.TotalCount, 0, before);
    }

    [Fact]
    public void A_device_that_is_not_there_is_a_message()
    {
        Assert.Equal(ExitCode.Usage, Assert.Throws<PipelineException>(() => TorchEngine.Open("tpu")).Code);
        if (!torch.cuda.is_available())
        {
            var error = Assert.Throws<PipelineException>(() => TorchEngine.Open("cuda"));
            Assert.Equal(ExitCode.InputMissing, error.Code);
            Assert.StartsWith("--device cuda: Torch finds no GPU here", error.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Nothing is asserted of the time: it is told, for DECISIONS. Sizes of the paper, batch 32.</summary>
    [Fact]
    public void Steps_of_the_papers_sizes_are_timed()
    {
        foreach (var tower in AllTowers.List)
        {
            using var ours = new Own(2);
            using var theirs = new TorchKernels(2);
            var set = Set(batches: 32);
            foreach (var (name, kernels) in new (string, IKernels)[] { ("own", ours), ("torchsharp", theirs) })
            {
                var trainer = new Trainer(kernels, tower, new TrainingOptions { Batch = 32 }, [set]);
                Advance(trainer, 5);

                List<double> milliseconds = [];
                for (var step = 0; step < 21; step++)
                {
                    var start = Stopwatch.GetTimestamp();
                    trainer.Advance();
                    _ = trainer.ReadLoss(0);
                    milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }

                milliseconds.Sort();
                output.WriteLine($"{tower.Name} {name}: median {milliseconds[10]:f1} ms, best {milliseconds[0]:f1} ms a step");
            }
        }
    }

    static ITowerOptions Options(string tower) => tower == "mamba"
        ? new MambaOptions { TokenWidth = 16, Layers = 2, Head = new HeadOptions { HiddenWidth = 16, EmbeddingWidth = 8 } }
        : new TransformerOptions { TokenWidth = 16, Layers = 2, FeedForwardWidth = 32, Head = new HeadOptions { HiddenWidth = 16, EmbeddingWidth = 8 } };

    static void Advance(Trainer trainer, int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            trainer.Advance();
        }
    }

    static long WorkingSet()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Environment.WorkingSet;
    }

    static Trainer Trainer(IKernels kernels, string tower, TrainingSet set) => new(kernels, Options(tower), new TrainingOptions { Batch = 16, LearningRate = 1e-3 }, [set]);

    static int[][] Lists(IKernels kernels, TwoTower model, TrainingSet set)
    {
        var embedder = new Embedder(kernels, model);
        var u = embedder.Users(set.Users, [.. Enumerable.Range(0, set.Users.Count)]);
        var i = embedder.Items(set.Items, [.. Enumerable.Range(0, set.Items.Count)]);
        var width = model.EmbeddingWidth;

        // Engines round differently, so scores are compared to four digits of the largest: lists differ only where scores do.
        return
        [
            .. Enumerable.Range(0, set.Users.Count).Select(user =>
            {
                var scores = Enumerable.Range(0, set.Items.Count).Select(item => Enumerable.Range(0, width).Sum(e => (double)u[(user * width) + e] * i[(item * width) + e])).ToArray();
                var unit = Math.Max(scores.Max(Math.Abs), 1e-6) * 1e-4;
                return Enumerable.Range(0, scores.Length).OrderByDescending(item => Math.Round(scores[item] / unit)).ThenBy(item => item).Take(10).ToArray();
            }),
        ];
    }

    static TrainingSet Set(int batches = 16)
    {
        var random = new RandomStream(7, "engines");
        EncodedTable users = Table(Users, 60, random), items = Table(Items, 50, random);
        var count = 16 * batches;
        var pairs = new Pairs(Draw(count, 60, random), Draw(count, 50, random), Draw(count, 2, random));
        return new TrainingSet(1, users, items, pairs, pairs, new TestUsers([], []), [], LabelTarget.Liked);
    }

    static int[] Draw(int count, int limit, RandomStream random) => [.. Enumerable.Range(0, count).Select(_ => random.NextInt(limit))];

    static EncodedTable Table(FeatureSpec spec, int rows, RandomStream random) => new(
        spec, [.. Enumerable.Range(0, rows).Select(row => $"{row}")], null,
        [.. Enumerable.Range(0, rows * spec.Numeric.Count).Select(_ => random.NextFloat())],
        [.. Enumerable.Range(0, rows).SelectMany(_ => spec.Categories.Select(category => random.NextInt(category.Cardinality)))]);

    static ModelDescription Description(string tower, TrainingSet set, Trainer trainer) => new()
    {
        Tower = tower,
        Options = System.Text.Json.JsonSerializer.SerializeToNode(Options(tower), Options(tower).GetType())!,
        Users = set.Users.Spec,
        Items = set.Items.Spec,
        Seed = 1,
        Training = new TrainingOptions(),
        Target = LabelTarget.Liked,
        Parameters = trainer.Model.Parameters.Count,
        ValidationLoss = 0,
        TrainingLoss = [],
    };
}
