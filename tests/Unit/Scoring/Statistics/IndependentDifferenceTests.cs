using Pipeline.Scoring.Statistics;

namespace Pipeline.Unit.Scoring.Statistics;

public sealed class IndependentDifferenceTests
{
    [Fact]
    public void Each_end_takes_the_halves_that_face_it()
    {
        // Below: 3 under a and 4 over b, so 5; above: 5 over a and 12 under b, so 13.
        var (difference, _) = IndependentDifference.Of(new Interval(50, 47, 55), new Interval(30, 18, 34));

        Assert.Equal(new Interval(20, 15, 33), difference);
    }

    [Theory]
    // Tables of the normal: a two-sided p of 0.05 at 1.959964, of 0.01 at 2.575829.
    [InlineData(1.959964, 0.05)]
    [InlineData(2.575829, 0.01)]
    [InlineData(0.5, 0.617075)]
    public void P_is_that_of_a_normal(double z, double expected)
    {
        var half = 1.959964 / Math.Sqrt(2);

        Assert.Equal(expected, IndependentDifference.Of(new Interval(z, z - half, z + half), new Interval(0, -half, half)).P, 5);
        Assert.Equal(expected, IndependentDifference.Of(new Interval(-z, -z - half, -z + half), new Interval(0, -half, half)).P, 5);
    }

    [Fact]
    public void No_difference_has_p_1_and_a_difference_without_chance_has_p_0()
    {
        var certain = new Interval(0.5, 0.5, 0.5);

        Assert.Equal(1, IndependentDifference.Of(certain, certain).P);
        Assert.Equal(0, IndependentDifference.Of(certain, new Interval(0.4, 0.4, 0.4)).P);
    }
}
