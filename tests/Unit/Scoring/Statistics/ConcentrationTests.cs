using Pipeline.Scoring.Statistics;

namespace Pipeline.Unit.Scoring.Statistics;

public sealed class ConcentrationTests
{
    [Fact]
    public void Items_recommended_equally_often_have_no_inequality() => Assert.Equal(new Concentration(4, 4, 0), Concentration.Of([3, 3, 3, 3]));

    [Fact]
    public void One_item_that_takes_all_has_the_largest_inequality_of_its_catalogue()
    {
        // (n - 1) / n with n = 4; one of four items is covered.
        var all = Concentration.Of([0, 8, 0, 0]);

        Assert.Equal(0.75, all.Gini, 15);
        Assert.Equal(0.25, all.Coverage, 15);
    }

    [Fact]
    public void Gini_is_the_mean_difference_over_twice_the_mean()
    {
        // Counts 1, 2, 3: differences of all 9 ordered pairs sum to 8, mean 8/9; twice the mean is 4; 8/9 / 4 = 2/9.
        Assert.Equal(2 / 9.0, Concentration.Of([3, 1, 2]).Gini, 15);
    }

    [Fact]
    public void No_recommendation_at_all_covers_nothing() => Assert.Equal(new Concentration(3, 0, 0), Concentration.Of([0, 0, 0]));

    [Fact]
    public void Spread_is_the_standard_deviation_of_a_sample()
    {
        // Mean 2; squares 1 + 0 + 1 over n - 1 = 2.
        Assert.Equal(1, Spread.Of([1, 2, 3]));
        Assert.Null(Spread.Of([1]));
    }
}
