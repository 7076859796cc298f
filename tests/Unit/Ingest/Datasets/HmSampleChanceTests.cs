using Pipeline.Ingest.Datasets;
using Pipeline.Stages;
using Pipeline.Unit.Features;

namespace Pipeline.Unit.Ingest;

public sealed class HmSampleChanceTests
{
    readonly RandomStream random = new(1, "test");

    [Theory]
    [InlineData(new double[] { 1 })]
    [InlineData(new double[] { 1, 1, 1, 1 })]
    [InlineData(new double[] { 5, 0, 1, 2, 0.5, 30 })]
    public void Alias_table_draws_in_proportion_to_the_weights(double[] weights)
    {
        var table = new AliasTable(weights);
        var counts = new long[weights.Length];
        for (var draw = 0; draw < 100_000; draw++)
        {
            counts[table.Draw(random)]++;
        }

        Assert.Equal(0, counts.Where((_, i) => weights[i] == 0).Sum());
        int[] some = [.. Enumerable.Range(0, weights.Length).Where(i => weights[i] > 0)];
        Assert.InRange(ChiSquare.Of([.. some.Select(i => counts[i])], [.. some.Select(i => weights[i])]), 0, ChiSquare.Quantile999(Math.Max(1, some.Length - 1)));
    }

    [Fact]
    public void Categories_beyond_the_stated_ones_share_the_rest_equally()
    {
        var counts = new long[5];
        for (var draw = 0; draw < 100_000; draw++)
        {
            counts[HmSampleChance.Category([0.5, 0.2], 5, random)]++;
        }

        // The other three: (1 - 0.7) / 3.
        Assert.InRange(ChiSquare.Of(counts, [0.5, 0.2, 0.1, 0.1, 0.1]), 0, ChiSquare.Quantile999(4));
    }

    [Fact]
    public void A_quantile_is_met_by_its_share_of_the_draws()
    {
        var below = Enumerable.Range(0, 100_000).Count(_ => HmSampleChance.Quantile([(0, 1), (0.3, 2), (1, 10)], random) < 2);

        // 30,000, standard deviation 145.
        Assert.InRange(below, 29_400, 30_600);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(3, 8)]
    [InlineData(-2, 0.25)]
    [InlineData(2.5, 6)] // halfway between 4 and 8
    public void Octaves_are_powers_of_two_with_straight_lines_between(double octaves, double expected) => Assert.Equal(expected, HmSampleChance.Octaves(octaves));
}
