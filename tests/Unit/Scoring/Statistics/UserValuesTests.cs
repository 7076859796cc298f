using Pipeline.Scoring.Metrics;
using Pipeline.Scoring.Statistics;

namespace Pipeline.Unit.Scoring.Statistics;

public sealed class UserValuesTests
{
    [Fact]
    public void Users_with_nothing_relevant_are_left_out_and_the_count_says_so()
    {
        int[][] relevant = [[4], [], [5]];
        int[][] list = [[4, 1], [1, 2], [1, 5]];

        var values = UserValues.Measure([new HitRate(1), new HitRate(2)], relevant, [list]);

        Assert.Equal(2, values.Users);
        Assert.Equal([1.0, 1], values.Row(0).ToArray());
        Assert.Equal([0.0, 1], values.Row(1).ToArray());
        Assert.Equal([0.5, 1], values.Means());
    }

    [Fact]
    public void What_is_relevant_elsewhere_counts_in_denominators_and_brings_users_in_with_0()
    {
        int[][] relevant = [[4], [], []];
        int[][] list = [[4, 1], [1, 2], [1, 5]];

        // User 0 has 1 of 3 relevant items in the catalogue, user 1 none of 2, user 2 none at all.
        var values = UserValues.Measure([new HitRate(1), new Recall(2), new MeanAveragePrecision(12), new Ndcg(2)], relevant, [list], [2, 2, 0]);

        Assert.Equal(2, values.Users);
        // The best two places would have been worth 1 + 1 / log2(3).
        Assert.Equal([1, 1 / 3.0, 1 / 3.0, 1 / (1 + 1 / Math.Log2(3))], values.Row(0).ToArray());
        Assert.Equal([0.0, 0, 0, 0], values.Row(1).ToArray());
    }

    [Fact]
    public void Columns_are_the_metrics_of_the_first_list_then_of_the_second()
    {
        var values = UserValues.Measure([new HitRate(1), new Precision(2)], [[4]], [[[4, 1]], [[1, 4]]]);

        Assert.Equal([1, 0.5, 0, 0.5], values.Row(0).ToArray());
    }
}
