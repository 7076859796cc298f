using System.Text.Json.Nodes;
using Pipeline.Features;
using Pipeline.Scoring.Baselines;
using Pipeline.Scoring.Metrics;
using Pipeline.Scoring.Report;
using Pipeline.Scoring.Statistics;
using Pipeline.Stages;

namespace Pipeline.Unit.Scoring.Report;

/// <summary>Results over small random lists in which the first tower is better than the second, and the oracle better than both.</summary>
static class SampleResults
{
    public const int Items = 50;

    static readonly IReadOnlyList<IBaseline> Baselines = AllBaselines.WithoutHistory;

    /// <param name="hasElsewhere">True for test users who like none, one or two items outside the catalogue in turn; every 20th likes nothing in it.</param>
    /// <param name="sharesUsers">True if all seeds have the test users and lists of the first.</param>
    /// <param name="towers">Names; the first is the best.</param>
    public static Results Of(string dataset = "spotify", int seeds = 2, bool isSynthetic = false, bool hasElsewhere = false, bool sharesUsers = false, params string[] towers)
    {
        towers = towers.Length == 0 ? ["mamba", "transformer"] : towers;
        string[] baselines = [.. Baselines.Select(baseline => baseline.Id)];
        string[] lists = [.. towers, .. baselines];
        var drawn = Enumerable.Range(1, seeds).Select(seed => Draw(sharesUsers ? 1 : seed, lists, hasElsewhere ? 3 : 1) with { Seed = seed }).ToList();
        var resampling = new Resampling(200, (purpose, index) => new RandomStream(1, purpose, index), Threads: 2, sharesUsers);
        var evaluation = Evaluation.Of(lists, drawn, Comparison.Of(dataset, towers, baselines), resampling);
        return new Results
        {
            Dataset = dataset,
            IsSynthetic = isSynthetic,
            Towers = towers,
            Evaluation = evaluation,
            Baselines = Baselines,
            EvaluationOfAll = drawn.Any(seed => seed.Test.Elsewhere.Any(count => count > 0)) ? Evaluation.Of(lists, drawn, [], resampling, countsElsewhere: true) : null,
            DeadRuns = [new DeadRun(towers[0], 2, "all scores are equal")],
            Spreads = [.. lists.Select(list => new ListSpread(list, "test users", 120, new Concentration(Items, 40, 0.25)))],
            Breakdowns = BreakdownBuilder.Of(
                towers, metric => ComparisonFindings.Strongest(evaluation, Baselines, metric.Name), drawn, [.. drawn.Select(_ => new Exposure([.. Enumerable.Range(0, Items).Select(item => (long)item)], null))], resampling),
            Curves = [.. towers.SelectMany((tower, t) => AllMetrics.List.OfType<HitRate>().Select(metric => Curve(tower, metric, t)))],
            ItemLikes = [.. towers.Select((tower, t) => Likes(tower, t))],
            BrokenIdentities = [],
            Inputs = [Manifest(dataset, isSynthetic)],
            Resamples = 200,
        };
    }

    static SeedLists Draw(int seed, string[] lists, int moreThanElsewhere)
    {
        var random = new RandomStream(seed, "sample results");
        var relevant = Enumerable.Range(0, 60).Select(user => user % 20 == 0 ? [] : Shuffled(random)[..(1 + random.NextInt(20))].Order().ToArray()).ToArray();
        var drawn = lists.Select((list, l) => (list, Lists: relevant.Select(liked => Make(random, liked, list == "oracle" ? 1 : 0.9 - 0.2 * l)).ToArray()));
        var test = new TestUsers([.. relevant.Select((_, user) => (100 * seed) + user)], relevant, [.. relevant.Select((_, user) => user % moreThanElsewhere)]);
        return new SeedLists(seed, test, drawn.ToDictionary(pair => pair.list, pair => pair.Lists));
    }

    /// <summary>A list whose next entry is, with some chance, a liked one.</summary>
    static int[] Make(RandomStream random, int[] liked, double chance)
    {
        var left = new Queue<int>(liked);
        var rest = new Queue<int>(Shuffled(random).Except(liked));
        return [.. Enumerable.Range(0, 12).Select(_ => left.Count > 0 && random.NextDouble() < chance ? left.Dequeue() : rest.Dequeue())];
    }

    static int[] Shuffled(RandomStream random)
    {
        var items = Enumerable.Range(0, Items).ToArray();
        random.Shuffle(items.AsSpan());
        return items;
    }

    static TrainingCurve Curve(string tower, HitRate metric, int slower) => new(tower, metric, 100, [.. Enumerable.Range(0, 21).Select(i =>
    {
        var value = 1 - Math.Exp(-(i + metric.K / 5.0) / (3 + 2.0 * slower));
        return new CurvePoint(i * 250, new Interval(value, value - 0.04, Math.Min(1, value + 0.03)));
    })]);

    static ItemLikes Likes(string tower, int t)
    {
        var random = new RandomStream(t, "likes");
        var actual = Enumerable.Range(0, Items).Select(item => 1000L - item * 15).ToArray();
        return new ItemLikes(tower, actual, [.. actual.Select(count => count + random.NextInt(100 + 100 * t) - 50 - 50 * t)]);
    }

    static Manifest Manifest(string dataset, bool isSynthetic) => new()
    {
        Artifact = "2-features/test",
        Fingerprint = new string('a', 64),
        Stage = dataset + "/pairs",
        StageVersion = 1,
        Seed = 1,
        Synthetic = isSynthetic,
        Bytes = 1,
        Parts = [],
        Options = new JsonObject { ["testUsers"] = 60 },
        Parents = [],
        Facts = [],
        ToolVersion = "0.1.0",
        Simd = "avx2",
    };
}
