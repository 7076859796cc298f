using Pipeline.Scoring.Identities;
using Pipeline.Scoring.Metrics;
using Pipeline.Scoring.Report;
using Pipeline.Scoring.Statistics;
using Pipeline.Stages;

namespace Pipeline.Unit.Scoring.Report;

public sealed class IdentityCheckTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 14)]
    [InlineData(4, 40)]
    public void Identities_hold_on_random_lists(int seed, int mostRelevant)
    {
        var random = new RandomStream(seed, "lists");
        var relevant = new int[200][];
        var lists = new int[200][];
        for (var user = 0; user < relevant.Length; user++)
        {
            relevant[user] = [.. Draw(random, 1 + random.NextInt(mostRelevant)).Order()];
            lists[user] = Draw(random, 12);
        }

        var values = Values(UserValues.Measure(AllMetrics.List, relevant, [lists]));

        Assert.Empty(IdentityCheck.Broken(name => values[name], hasOneRelevantEach: mostRelevant == 1));
    }

    [Fact]
    public void The_least_average_precision_is_met_by_hits_that_come_as_late_as_they_may()
    {
        // First hit at rank 3; one more among five, at 5: 2/5; one more among ten, at 10: 3/10, of which the bound knows 2/10. Twelve and
        // more relevant items: divided by 12.
        int[] relevant = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
        var values = Values(UserValues.Measure(AllMetrics.List, [relevant], [[[20, 21, 0, 22, 1, 23, 24, 25, 26, 2, 27, 28]]]));

        Assert.Equal((1 / 3.0 + 2 / 5.0 + 2 / 10.0) / 12, IdentityCheck.LeastMeanAveragePrecision(name => values[name]), 12);
        Assert.Equal((1 / 3.0 + 2 / 5.0 + 3 / 10.0) / 12, values["MAP@12"], 12);
    }

    [Fact]
    public void Hits_are_the_same_by_all_items_and_what_divides_by_them_falls()
    {
        int[][] relevant = [[1, 5], [], [2]];
        int[][] lists = [[1, 2, 3], [1, 2, 3], [4, 2, 1]];
        var catalogue = Sums(UserValues.Measure(AllMetrics.List, relevant, [lists]));
        var all = Sums(UserValues.Measure(AllMetrics.List, relevant, [lists], [0, 3, 1]));

        Assert.Empty(IdentityCheck.BrokenByAll(name => catalogue[name], name => all[name]));
        // A user left out of one side, and an item counted twice on the other.
        Assert.Contains(IdentityCheck.BrokenByAll(name => catalogue[name], name => name == "HR@5" ? 1 : all[name]), failure => failure.StartsWith("HR@5 summed over users is 1 by all items and must equal 2", StringComparison.Ordinal));
        Assert.Contains(IdentityCheck.BrokenByAll(name => catalogue[name], name => name == "R@10" ? 3 : all[name]), failure => failure.StartsWith("R@10 summed over users is 3 by all items and must not exceed 1.5", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("HR@1", "HR@1 is 2")]
    [InlineData("MRR@5", "MRR@5")]
    [InlineData("MRR@10", "MRR@10")]
    [InlineData("R@5", "R@5")]
    [InlineData("P@5", "P@5")]
    [InlineData("NDCG@1", "NDCG@1")]
    [InlineData("MAP@12", "MAP@12")]
    public void A_wrong_number_breaks_an_identity_that_names_it(string metric, string expected)
    {
        var values = Values(UserValues.Measure(AllMetrics.List, [[1], [2, 3]], [[[1, 2, 3], [9, 2, 3]]]));
        values[metric] += 1.5;

        Assert.Contains(IdentityCheck.Broken(name => values[name], hasOneRelevantEach: false), failure => failure.Contains(expected));
    }

    [Fact]
    public void Each_moment_of_training_is_checked()
    {
        var failure = Assert.Single(IdentityCheck.Broken(new Dictionary<MetricName, double> { [new("HR", 5)] = 0.6, [new("HR", 10)] = 0.5 }));

        Assert.Equal("HR@5 <= HR@10 fails by 0.099999998: HR@10 is 0.5, HR@5 is 0.6", failure);
    }

    [Fact]
    public void A_list_above_the_oracle_is_named()
    {
        var failures = IdentityCheck.AboveCeiling("mamba", _ => 0.5, name => name == "P@5" ? 0.4 : 0.5);

        Assert.Equal(["P@5 of mamba is 0.5, above the oracle's 0.4"], failures);
    }

    static Dictionary<string, double> Values(UserValues values)
    {
        var means = values.Means();
        return AllMetrics.List.Select((metric, column) => (metric.Name, means[column])).ToDictionary(pair => pair.Name, pair => pair.Item2);
    }

    static Dictionary<string, double> Sums(UserValues values) => Values(values).ToDictionary(pair => pair.Key, pair => pair.Value * values.Users);

    /// <summary>Some of 50 items, in random order.</summary>
    static int[] Draw(RandomStream random, int count)
    {
        var items = Enumerable.Range(0, 50).ToArray();
        random.Shuffle(items.AsSpan());
        return items[..count];
    }
}
