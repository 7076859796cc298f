using Pipeline.Features;
using Pipeline.Scoring.Metrics;
using Pipeline.Scoring.Report;
using Pipeline.Stages;

namespace Pipeline.Unit.Scoring.Report;

public sealed class EvaluationTests
{
    static readonly IMetric HitRate = AllMetrics.List.Single(metric => metric.Name == "HR@1");

    [Fact]
    public void Seeds_with_the_same_test_users_are_one_sample_of_users()
    {
        // Six users whom "good" hits and "bad" misses, alike in three seeds: 6 signs, not 18, so p is 2/64.
        var shared = Test([Seed(1, 0), Seed(2, 0), Seed(3, 0)]);
        // Users of their own: 18 signs, and 2 of 2^18 patterns reach the difference.
        var own = Test([Seed(1, 0), Seed(2, 6), Seed(3, 12)]);

        // Five standard errors of 2/64 by 9,999 flips.
        Assert.Equal(2 / 64.0, shared.P, 0.009);
        Assert.Equal(0.0001, own.P, 0.0002);
        Assert.Equal((1, 1), (shared.Difference.Value, own.Difference.Value));
        // A family of one is not corrected.
        Assert.Equal(shared.P, shared.PHolm);
    }

    [Fact]
    public void Comparisons_are_every_tower_with_those_after_it_and_with_every_baseline_but_the_oracle()
    {
        var asked = Comparison.Of("spotify", ["mamba", "transformer"], ["popularity", "oracle"]);

        Assert.Equal(
            ["mamba transformer", "mamba popularity", "transformer popularity"], asked.Select(comparison => $"{comparison.List} {comparison.Other}").Distinct());
        Assert.Equal(["P@5", "P@10", "R@10", "HR@1"], asked.Select(comparison => comparison.Metric.Name).Distinct());
        Assert.Equal(3 * 4, asked.Count);
    }

    [Theory]
    [InlineData(0.01, 0.02, 0.01, 1)]
    [InlineData(-0.02, -0.01, 0.05, -1)]
    [InlineData(0.01, 0.02, 0.06, 0)]
    [InlineData(-0.01, 0.02, 0.01, 0)]
    public void A_verdict_needs_the_interval_and_the_corrected_p(double low, double high, double pHolm, int expected) =>
        Assert.Equal(expected, new PairedTest(new Comparison("a", "b", HitRate), new((low + high) / 2, low, high), 0.001, pHolm).Verdict);

    static PairedTest Test(IReadOnlyList<SeedLists> seeds) => Evaluation.Of(
        ["good", "bad"],
        seeds,
        [new Comparison("good", "bad", HitRate)],
        new Resampling(100, (purpose, index) => new RandomStream(1, purpose, index), Threads: 2, SeedLists.ShareUsers([.. seeds.Select(seed => seed.Test)]))).Tests[0];

    static SeedLists Seed(int seed, int firstUser) => new(
        seed,
        new TestUsers([.. Enumerable.Range(firstUser, 6)], [.. Enumerable.Repeat(new[] { 4 }, 6)]),
        new Dictionary<string, int[][]> { ["good"] = [.. Enumerable.Repeat(new[] { 4 }, 6)], ["bad"] = [.. Enumerable.Repeat(new[] { 5 }, 6)] });
}
