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
    public void Columns_are_the_metrics_of_the_first_list_then_of_the_second()
    {
        var values = UserValues.Measure([new HitRate(1), new Precision(2)], [[4]], [[[4, 1]], [[1, 4]]]);

        Assert.Equal([1, 0.5, 0, 0.5], values.Row(0).ToArray());
    }
}
