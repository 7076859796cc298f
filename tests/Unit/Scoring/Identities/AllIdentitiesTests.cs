using Pipeline.Scoring.Identities;
using Pipeline.Scoring.Metrics;
using Pipeline.Scoring.Statistics;
using Pipeline.Stages;

namespace Pipeline.Unit.Scoring.Identities;

public sealed class AllIdentitiesTests
{
    static readonly int[] Cutoffs = [1, 2, 5, 10, 12];

    static readonly IReadOnlyList<IMetric> Metrics =
    [
        .. Cutoffs.SelectMany(k => new IMetric[] { new HitRate(k), new Recall(k), new Precision(k), new ReciprocalRank(k), new Ndcg(k), new MeanAveragePrecision(k) }),
    ];

    [Fact]
    public void What_is_measured_on_random_lists_breaks_no_relation_whatever_is_printed_of_it()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new RandomStream(seed, "world");
            var (values, hasOne) = World(random);
            var printed = values.Where(_ => random.NextInt(3) > 0).Select(value => (value.Key, Value: Round(value.Value, 1 + random.NextInt(5)))).ToDictionary(pair => pair.Key, pair => pair.Value);

            Assert.Empty(Identity.Broken(AllIdentities.Of(printed.Keys, hasOne), printed).Select(breach => $"{seed}: {breach.Identity.Text} by {breach.By}"));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void No_relation_could_be_drawn_tighter(bool hasOne)
    {
        // All lists of 12 places, with and without relevant items that they lack. The users who leave a relation no room must span all of its
        // boundary: one dimension less than all users do. Else it could be turned until more of them meet it.
        var names = Metrics.Select(metric => new MetricName(metric.Id, metric.K)).ToList();
        var users = new List<Dictionary<MetricName, double>>();
        for (var hits = 0; hits < 1 << 12; hits++)
        {
            foreach (var lacking in hasOne || hits == 0 ? [hits == 0 ? 1 : 0] : new[] { 0, 3 })
            {
                if (!hasOne || int.PopCount(hits) <= 1)
                {
                    int[] list = [.. Enumerable.Range(0, 12).Select(place => (hits >> place & 1) == 1 ? place : 100 + place)];
                    int[] relevant = [.. list.Where(item => item < 100), .. Enumerable.Range(50, lacking)];
                    users.Add(names.Zip(UserValues.Measure(Metrics, [relevant], [[list]]).Means()).ToDictionary(pair => pair.First, pair => pair.Second));
                }
            }
        }

        // A bound of MAP supposes the hits as late as they may be and 12 relevant items, never both at once; it is a bound, not the best one.
        var loose = AllIdentities.Of(names, hasOne)
            .Where(identity => hasOne ? identity.Text.EndsWith("one relevant item per user", StringComparison.Ordinal) : !identity.Text.StartsWith("MAP", StringComparison.Ordinal))
            .Where(identity => identity.Terms.Count > 1)
            .Select(identity => (identity.Text, All: users.Select(user => Row(identity, user)).ToList()))
            .Where(relation => Rank(relation.All.Where(row => Math.Abs(row[^1]) < 1e-12)) < Rank(relation.All) - (relation.All.Any(row => Math.Abs(row[^1]) > 1e-12) ? 1 : 0)
                || relation.All.Any(row => row[^1] < -1e-12));

        Assert.Empty(loose.Select(relation => relation.Text));
    }

    /// <summary>1, the metrics of a relation, and the room that it leaves.</summary>
    static double[] Row(Identity identity, Dictionary<MetricName, double> user) =>
        [1, .. identity.Terms.Select(term => user[term.Metric]), identity.Constant + identity.Terms.Sum(term => term.Factor * user[term.Metric])];

    /// <summary>How many of the rows are independent, their last number aside.</summary>
    static int Rank(IEnumerable<double[]> rows)
    {
        var independent = new List<double[]>();
        foreach (var row in rows)
        {
            var rest = row[..^1];
            foreach (var other in independent)
            {
                var lead = Array.FindIndex(other, value => value != 0);
                var share = rest[lead] / other[lead];
                for (var i = 0; i < rest.Length; i++)
                {
                    rest[i] = i == lead ? 0 : rest[i] - share * other[i];
                }
            }

            if (rest.Any(value => Math.Abs(value) > 1e-9))
            {
                independent.Add([.. rest.Select(value => Math.Abs(value) > 1e-9 ? value : 0)]);
            }
        }

        return independent.Count;
    }

    [Fact]
    public void A_corrupted_cell_of_a_rounded_row_is_caught()
    {
        // One relevant item per user: every cell but NDCG is then another's equal, so that any change of 0.1 contradicts it.
        var random = new RandomStream(5, "world");
        int[] ranks = [.. Enumerable.Range(0, 500).Select(_ => random.NextInt(20))];
        int[][] lists = [.. ranks.Select(rank => Enumerable.Range(0, 12).Select(place => place == rank ? 0 : 1 + place).ToArray())];
        var means = UserValues.Measure(Metrics, [.. ranks.Select(_ => new[] { 0 })], [lists]).Means();
        var values = Metrics.Zip(means).ToDictionary(pair => new MetricName(pair.First.Id, pair.First.K), pair => Round(pair.Second, 4));
        var identities = AllIdentities.Of(values.Keys, hasOneRelevantEach: true);
        Assert.Empty(Identity.Broken(identities, values));

        foreach (var (metric, value) in values)
        {
            foreach (var change in new[] { -0.1, 0.1 })
            {
                var corrupted = new Dictionary<MetricName, RoundedValue>(values) { [metric] = value with { Value = value.Value + change } };
                Assert.Contains(Identity.Broken(identities, corrupted), breach => breach.Identity.Terms.Any(term => term.Metric == metric));
            }
        }
    }

    [Fact]
    public void Rounding_is_given_every_benefit_and_no_more()
    {
        Dictionary<MetricName, RoundedValue> Row(double atFive) => new() { [new("HR", 1)] = RoundedValue.Printed(0.51, 2), [new("HR", 5)] = RoundedValue.Printed(atFive, 2) };
        IReadOnlyList<Breach> Broken(Dictionary<MetricName, RoundedValue> row) => Identity.Broken(AllIdentities.Of(row.Keys, false), row);

        // 0.505 is both .51 and .50 rounded; nothing is both .51 and .49.
        Assert.Empty(Broken(Row(0.50)));
        var breach = Assert.Single(Broken(Row(0.49)));
        Assert.Equal(("HR@1 <= HR@5", 0.01), (breach.Identity.Text, Math.Round(breach.By, 9)));
    }

    [Fact]
    public void Ndcg_is_bounded_by_hit_rate_and_reciprocal_rank()
    {
        // All hits at rank 2: 0.8 / log2(3) = 0.5047 and nothing else.
        bool Holds(double ndcg)
        {
            var row = new Dictionary<MetricName, RoundedValue>
            {
                [new("HR", 2)] = RoundedValue.Printed(0.8, 4),
                [new("MRR", 2)] = RoundedValue.Printed(0.4, 4),
                [new("NDCG", 2)] = RoundedValue.Printed(ndcg, 4),
            };
            return Identity.Broken(AllIdentities.Of(row.Keys, hasOneRelevantEach: true), row).Count == 0;
        }

        Assert.True(Holds(0.5047));
        Assert.False(Holds(0.5037));
        Assert.False(Holds(0.5057));
    }

    /// <summary>Users with some relevant items and random lists, better than chance.</summary>
    static (Dictionary<MetricName, double> Values, bool HasOneRelevantEach) World(RandomStream random)
    {
        var most = 1 + random.NextInt(4) * random.NextInt(6);
        var users = 1 + random.NextInt(40);
        var (relevant, lists) = (new int[users][], new int[users][]);
        for (var user = 0; user < users; user++)
        {
            relevant[user] = [.. Draw(random, 1 + random.NextInt(most), 40).Order()];
            lists[user] = Draw(random, 12, 15 + random.NextInt(26));
        }

        var means = UserValues.Measure(Metrics, relevant, [lists]).Means();
        return (Metrics.Zip(means).ToDictionary(pair => new MetricName(pair.First.Id, pair.First.K), pair => pair.Second), relevant.All(items => items.Length == 1));
    }

    static int[] Draw(RandomStream random, int count, int among)
    {
        var items = Enumerable.Range(0, among).ToArray();
        random.Shuffle(items.AsSpan());
        return items[..Math.Min(count, among)];
    }

    static RoundedValue Round(double value, int decimals) => RoundedValue.Printed(Math.Round(value, decimals), decimals);
}
