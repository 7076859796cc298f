using Pipeline.Scoring.Report;

namespace Pipeline.Unit.Scoring.Report;

public sealed class AxisTests
{
    [Theory]
    // Five steps at most: 0.03 .. 0.97 by 0.2; 0 .. 5,000 by 1,000; -3 .. 4 by 2, from the multiple of 2 below to the one above.
    [InlineData(0.03, 0.97, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(0, 5000, "0 1,000 2,000 3,000 4,000 5,000")]
    [InlineData(-3, 4, "-4 -2 0 2 4")]
    [InlineData(0.951, 0.953, "0.9510 0.9515 0.9520 0.9525 0.9530")]
    public void Ticks_are_round_and_hold_all_values(double low, double high, string labels)
    {
        var axis = Axis.Over([low, high], 0, 100);

        Assert.Equal(labels, string.Join(' ', axis.Ticks.Select(axis.Label)));
    }

    [Fact]
    public void Values_are_placed_between_the_ends()
    {
        // 0 .. 10 on pixels 200 up to 100: 2.5 is a quarter of the way.
        var axis = Axis.Over([0, 10], 200, 100);

        Assert.Equal(175, axis.At(2.5), 12);
    }

    [Fact]
    public void A_single_value_still_has_an_axis() => Assert.True(Axis.Over([3, 3], 0, 100).Ticks.Count > 1);
}
