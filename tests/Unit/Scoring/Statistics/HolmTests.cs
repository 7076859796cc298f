using Pipeline.Scoring.Statistics;

namespace Pipeline.Unit.Scoring.Statistics;

public sealed class HolmTests
{
    [Fact]
    public void The_smallest_p_counts_for_all_the_next_for_the_rest()
    {
        // Ascending 0.005, 0.01, 0.03, 0.04 times 4, 3, 2, 1: 0.02, 0.03, 0.06, 0.04, and no value below the one before it.
        Assert.Equal([0.03, 0.06, 0.06, 0.02], Rounded(Holm.Correct([0.01, 0.04, 0.03, 0.005])));
    }

    [Fact]
    public void A_family_of_one_needs_no_correction() => Assert.Equal([0.03], Holm.Correct([0.03]));

    [Fact]
    public void Nothing_passes_1() => Assert.Equal([1, 1, 1], Holm.Correct([0.9, 0.4, 1]));

    [Fact]
    public void Equal_p_stay_equal() => Assert.Equal([0.06, 0.06, 0.06], Rounded(Holm.Correct([0.02, 0.02, 0.02])));

    static double[] Rounded(double[] values) => [.. values.Select(value => Math.Round(value, 12))];
}
