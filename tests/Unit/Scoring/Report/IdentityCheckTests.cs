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

    [Theory]
    [InlineData("HR@1", "HR@1 is")]
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
    public void Ndcg_of_one_relevant_item_lies_where_hit_rate_and_reciprocal_rank_force_it()
    {
        // All hits at rank 2: 1/log2(3) each, and nothing else is possible with a mean reciprocal rank of 1/2 and k = 2.
        var (low, high) = IdentityCheck.NdcgOfOneRelevant(0.8, 0.4, 2);

        Assert.Equal(0.8 / Math.Log2(3), low, 12);
        Assert.Equal(0.8 / Math.Log2(3), high, 12);
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

    /// <summary>Some of 50 items, in random order.</summary>
    static int[] Draw(RandomStream random, int count)
    {
        var items = Enumerable.Range(0, 50).ToArray();
        random.Shuffle(items.AsSpan());
        return items[..count];
    }
}
