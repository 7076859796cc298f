using Pipeline.Features;
using Pipeline.Models;
using Pipeline.Stages;
using Pipeline.Unit.Features;

namespace Pipeline.Unit.Models;

public class CandidatesTests
{
    const float Out = float.NegativeInfinity;

    static readonly LossOptions InBatch = new() { Kind = LossKind.SampledSoftmax }, Mixed = InBatch with { Sampler = Sampler.Mixed, Extra = 40 };

    [Fact]
    public void Copies_of_the_own_item_and_known_purchases_are_no_candidates()
    {
        // Counts 4, 1, 2, 1 of 8: -log q is log 2, log 8, log 4, log 8. User 0 took items 0 and 2, user 1 took 1, user 2 took 0.
        var set = Set([0, 1, 0, 2], [0, 1, 2, 0], counts: [4, 1, 2, 1]);
        int[] items = [0, 1, 2, 0];

        var found = new Candidates(set, InBatch, 4, "extra-items").Complete(0, [0, 1, 0, 2], items).ToArray();

        // Item 0 is there twice, so the own item of users 0 and 2 stands for two.
        float one = MathF.Log(2), three = MathF.Log(8), two = MathF.Log(4), twice = MathF.Log(2);
        Assert.Equal([one + twice, three, Out, Out], found[..4]);
        Assert.Equal([one, three, two, one], found[4..8]);
        Assert.Equal([Out, three, two, Out], found[8..12]);
        Assert.Equal([Out, three, two, one + twice], found[12..]);
    }

    [Fact]
    public void Extra_items_that_a_user_took_are_no_candidates_either()
    {
        var set = Set([0, 1, 0, 2], [0, 1, 2, 0], counts: [4, 1, 2, 1]);
        var items = new int[44];
        (items[0], items[1], items[2], items[3]) = (0, 1, 2, 0);

        var found = new Candidates(set, Mixed, 4, "extra-items").Complete(0, [0, 1, 0, 2], items).ToArray();

        for (var i = 0; i < 4; i++)
        {
            for (var j = 0; j < 44; j++)
            {
                var isKnown = set.History!.Knows(new[] { 0, 1, 0, 2 }[i], items[j]);
                Assert.Equal(isKnown && i != j, float.IsNegativeInfinity(found[(i * 44) + j]));
            }
        }

        // All four items are among 40 draws, but for a chance of 4 (3/4)^40 = 4e-5.
        Assert.Equal([0, 1, 2, 3], items[4..].Distinct().Order());
    }

    [Fact]
    public void A_mixture_corrects_by_the_chance_of_either_way_into_the_batch()
    {
        var frequencies = new ItemFrequencies([6, 0, 2]);

        // 8 of the batch and 4 drawn: (8 · 6/8 + 4 · 1/3) / 12 = 11/18, (0 + 4/3) / 12 = 1/9, (8 · 2/8 + 4/3) / 12 = 5/18.
        Assert.Equal(11.0 / 18, Candidates.Chance(6, frequencies, 8, 4), 1e-12);
        Assert.Equal(1.0 / 9, Candidates.Chance(0, frequencies, 8, 4), 1e-12);
        Assert.Equal(5.0 / 18, Candidates.Chance(2, frequencies, 8, 4), 1e-12);
        // The batch alone: 6/8; an item that no training pair has counts as one.
        Assert.Equal(6.0 / 8, Candidates.Chance(6, frequencies, 8, 0), 1e-12);
        Assert.Equal(1.0 / 8, Candidates.Chance(0, frequencies, 8, 0), 1e-12);
    }

    [Fact]
    public void Extra_items_are_drawn_uniformly()
    {
        const int itemCount = 101, steps = 2000;
        var set = Set([0, 1], [0, 1], [1, 1, .. new long[itemCount - 2]]);
        var candidates = new Candidates(set, Mixed, 2, "extra-items");
        var items = new int[42];
        var counts = new int[itemCount];
        for (var step = 0; step < steps; step++)
        {
            candidates.Complete(step, [0, 1], items);
            foreach (var item in items[2..])
            {
                counts[item]++;
            }
        }

        // 80,000 draws. Chi-square with 100 degrees of freedom is above 149.4 with a chance of 0.001.
        Assert.Equal(40 * steps, counts.Sum());
        Assert.True(ChiSquare.OfUniform(counts, itemCount) < 149.4);
    }

    [Fact]
    public void Items_are_in_a_batch_as_often_as_among_the_pairs()
    {
        // Item i is in 10 (i + 1) of 550 pairs. The first batch of each epoch: batches of one epoch would make up for one another.
        int[] items = [.. Enumerable.Range(0, 10).SelectMany(item => Enumerable.Repeat(item, 10 * (item + 1)))];
        var frequencies = ItemFrequencies.Of(items, 10);
        var order = new BatchOrder(3, items.Length, 10);
        var counts = new long[10];
        for (var epoch = 0; epoch < 2000; epoch++)
        {
            foreach (var pair in order.Of(epoch * (items.Length / 10)))
            {
                counts[items[pair]]++;
            }
        }

        // 20,000 draws. Chi-square with 9 degrees of freedom is above 27.9 with a chance of 0.001.
        Assert.Equal([10, 20, 30, 40, 50, 60, 70, 80, 90, 100], frequencies.Counts);
        Assert.True(ChiSquare.Of(counts, frequencies.Counts) < 27.9);
    }

    [Fact]
    public void Extra_items_follow_from_seed_purpose_and_step_alone()
    {
        int[] Draw(int seed, string purpose, params int[] steps)
        {
            var candidates = new Candidates(Set([0, 1], [0, 1], [1, 1, .. new long[98]], seed), Mixed, 2, purpose);
            var items = new int[42];
            foreach (var step in steps)
            {
                candidates.Complete(step, [0, 1], items);
            }

            return items[2..];
        }

        Assert.Equal(Draw(1, "extra-items", 7), Draw(1, "extra-items", 9, 3, 7));
        Assert.NotEqual(Draw(1, "extra-items", 7), Draw(1, "extra-items", 8));
        Assert.NotEqual(Draw(1, "extra-items", 7), Draw(2, "extra-items", 7));
        Assert.NotEqual(Draw(1, "extra-items", 7), Draw(1, "extra-items/validation", 7));
    }

    [Fact]
    public void Pairs_that_were_not_taken_are_refused()
    {
        var set = Set([0, 1], [0, 1], [1, 1]);
        var error = Assert.Throws<PipelineException>(
            () => new Candidates(set with { Train = new Pairs([0, 1], [0, 1], [1, 0]) }, InBatch, 2, "extra-items"));

        Assert.Equal(ExitCode.InvalidConfiguration, error.Code);
        Assert.StartsWith("Pair 1 (user 1, item 1) is labelled 0.", error.Message);
    }

    [Fact]
    public void Frequencies_of_other_items_or_pairs_are_refused()
    {
        var set = Set([0, 1], [0, 1], [1, 1]);
        var other = Assert.Throws<PipelineException>(() => new Candidates(set with { Frequencies = new([1, 1, 1]) }, InBatch, 2, "extra-items"));
        var uncounted = Assert.Throws<PipelineException>(() => new Candidates(set with { Frequencies = new([1, 0]) }, InBatch, 2, "extra-items"));

        Assert.StartsWith("There are 2 items and frequencies of 3.", other.Message);
        Assert.StartsWith("Training pair 1 has item 1, whose frequency is 0.", uncounted.Message);
    }

    /// <summary>Users without features who took the items of the pairs.</summary>
    static TrainingSet Set(int[] users, int[] items, long[] counts, int seed = 1)
    {
        var pairs = new Pairs(users, items, [.. users.Select(_ => 1)]);
        var userTable = new EncodedTable(new FeatureSpec([], []), [.. Enumerable.Range(0, users.Max() + 1).Select(user => $"{user}")], null, [], []);
        var itemTable = new EncodedTable(new FeatureSpec([], []), [.. counts.Select((_, item) => $"{item}")], null, [], []);
        return new TrainingSet(seed, userTable, itemTable, pairs, pairs, new TestUsers([], []), [], LabelTarget.Liked)
        {
            Frequencies = new(counts),
            History = History.Of(new Interactions(users, items, new int[users.Length]), userTable.Count),
        };
    }
}
