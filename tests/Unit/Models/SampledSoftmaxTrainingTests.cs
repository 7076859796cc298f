using Pipeline.Features;
using Pipeline.Kernels.Cpu;
using Pipeline.Models;
using Pipeline.Models.Towers;

namespace Pipeline.Unit.Models;

/// <summary>What a model learns from a sampled softmax, in worlds whose truth is known.</summary>
public class SampledSoftmaxTrainingTests
{
    static readonly LossOptions InBatch = new() { Kind = LossKind.SampledSoftmax }, Mixed = InBatch with { Sampler = Sampler.Mixed, Extra = 24 };

    // An embedding may be negative: a logarithm of a chance is.
    static readonly MambaOptions Tower = new()
    {
        TokenWidth = 8,
        Layers = 1,
        StateWidth = 4,
        ConvolutionWidth = 4,
        Head = new() { HiddenWidth = 16, EmbeddingWidth = 8, Output = HeadOutput.Linear },
    };

    [Theory]
    [InlineData(Sampler.InBatch)]
    [InlineData(Sampler.Mixed)]
    public void Items_are_ranked_by_who_takes_them(Sampler sampler)
    {
        using var kernels = new CpuKernels(1);
        var set = Parities();
        var trainer = new Trainer(kernels, Tower, new TrainingOptions { Batch = 16, LearningRate = 3e-3 }, [set], sampler == Sampler.Mixed ? Mixed : InBatch);
        var before = trainer.Validate(0);
        Run(trainer, 600);

        // To tell one's kind of item halves the candidates that are left: log 2 less, of which most must be learnt.
        Assert.True(trainer.Validate(0) < before - 0.5, $"{before} -> {trainer.Validate(0)}");
        foreach (var (user, scores) in Scores(kernels, trainer, set).Select((scores, user) => (user, scores)))
        {
            var best = Enumerable.Range(0, scores.Length).OrderByDescending(item => scores[item]).Take(10);
            Assert.All(best, item => Assert.Equal(user % 2, item % 2));
        }
    }

    [Theory]
    [InlineData(Sampler.InBatch)]
    [InlineData(Sampler.Mixed)]
    public void Scores_are_the_logarithms_of_chances(Sampler sampler)
    {
        var (set, counts) = Crowd();

        // The most popular item is in a third of the pairs, ten times in a batch: nothing of it may be forgotten. Adam's last steps make it tremble by some percent.
        Assert.InRange(Slope(set, counts, sampler == Sampler.Mixed ? Mixed : InBatch), 0.95, 1.05);
    }

    [Fact]
    public void Without_the_correction_popular_items_are_scored_too_low()
    {
        var (set, counts) = Crowd();

        // Equal frequencies correct nothing. Negatives of a batch are then as popular as what is taken, and no item stands out.
        Assert.InRange(Slope(set with { Frequencies = new ItemFrequencies([.. counts.Select(_ => 1L)]) }, counts, InBatch), -0.05, 0.05);
    }

    /// <summary>How much a score rises with the logarithm of its item's count: 1 is the truth, below 1 popular items are scored too low.</summary>
    static double Slope(TrainingSet set, int[] counts, LossOptions loss)
    {
        using var kernels = new CpuKernels(1);
        var trainer = new Trainer(kernels, Tower, new TrainingOptions { Batch = 32, LearningRate = 3e-3 }, [set], loss);
        Run(trainer, 2000);
        var logs = Array.ConvertAll(counts, count => Math.Log(count));
        var scores = Scores(kernels, trainer, set)[0];
        double mean = logs.Average(), level = scores.Average();
        return logs.Zip(scores, (log, score) => (log - mean) * (score - level)).Sum() / logs.Sum(log => (log - mean) * (log - mean));
    }

    static void Run(Trainer trainer, int steps)
    {
        while (trainer.Step < steps)
        {
            trainer.Advance();
        }
    }

    /// <summary>Of each user the scores of all items.</summary>
    static float[][] Scores(CpuKernels kernels, Trainer trainer, TrainingSet set)
    {
        var embedder = new Embedder(kernels, trainer.Model);
        float[] users = embedder.Users(set.Users, [.. Enumerable.Range(0, Math.Min(40, set.Users.Count))]);
        float[] items = embedder.Items(set.Items, [.. Enumerable.Range(0, set.Items.Count)]);
        return
        [
            .. users.Chunk(trainer.Model.EmbeddingWidth).Select(user => items.Chunk(trainer.Model.EmbeddingWidth)
                .Select(item => user.Zip(item, (u, i) => u * i).Sum()).ToArray()),
        ];
    }

    /// <summary>40 users, 20 items; each user took three items of its own parity, and the other users of its kind took the rest.</summary>
    static TrainingSet Parities()
    {
        int[] users = [.. Enumerable.Range(0, 120).Select(i => i % 40)], items = [.. users.Select((user, i) => (user % 2) + (2 * ((user + (3 * (i / 40))) % 10)))];
        var features = new FeatureSpec(["odd"], []);
        var table = new EncodedTable(features, [.. Enumerable.Range(0, 40).Select(user => $"{user}")], null, [.. Enumerable.Range(0, 40).Select(user => (float)(user % 2))], []);
        return Set(table, 20, users, items);
    }

    /// <summary>Users who are all alike and took one of twelve items each: item i one time for i + 1 times that the first was taken.</summary>
    static (TrainingSet Set, int[] Counts) Crowd()
    {
        int[] counts = [.. Enumerable.Range(1, 12).Select(rank => 480 / rank)];
        int[] items = [.. counts.SelectMany((count, item) => Enumerable.Repeat(item, count))];
        int[] users = [.. Enumerable.Range(0, items.Length)];
        var table = new EncodedTable(new FeatureSpec([], []), [.. users.Select(user => $"{user}")], null, [], []);
        return (Set(table, 12, users, items), counts);
    }

    static TrainingSet Set(EncodedTable table, int itemCount, int[] users, int[] items)
    {
        var pairs = new Pairs(users, items, [.. users.Select(_ => 1)]);
        var itemTable = new EncodedTable(
            new FeatureSpec([], [new CategoryFeature("item", itemCount)]), [.. Enumerable.Range(0, itemCount).Select(item => $"{item}")], null, [],
            [.. Enumerable.Range(0, itemCount)]);
        return new TrainingSet(5, table, itemTable, pairs, pairs, new TestUsers([], []), [], LabelTarget.Liked)
        {
            Frequencies = ItemFrequencies.Of(items, itemCount),
            History = History.Of(new Interactions(users, items, new int[users.Length]), table.Count),
        };
    }
}
