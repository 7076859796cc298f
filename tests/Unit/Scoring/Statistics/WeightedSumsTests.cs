using Pipeline.Scoring.Statistics;
using Pipeline.Stages;

namespace Pipeline.Unit.Scoring.Statistics;

public sealed class WeightedSumsTests
{
    [Theory]
    // Rows and columns on both sides of the tiles of 128, the blocks of four and every vector width.
    [InlineData(1, 1)]
    [InlineData(3, 9)]
    [InlineData(4, 8)]
    [InlineData(131, 19)]
    [InlineData(517, 16)]
    public void Sums_are_those_of_a_plain_loop_to_the_last_bit(int rows, int columns)
    {
        const int Weightings = 3;
        var random = new RandomStream(rows, "weighted sums");
        var values = new UserValues(columns, [.. Enumerable.Range(0, rows * columns).Select(_ => random.NextDouble() - 0.5)]);
        // Weightings lie further apart than there are rows.
        var stride = rows + 5;
        int[] weights = [.. Enumerable.Range(0, Weightings * stride).Select(_ => random.NextInt(4) - 1)];
        double[] expected = [.. Enumerable.Repeat(1.0, Weightings * columns)], sums = [.. expected];

        WeightedSums.Add(weights, stride, values, sums);

        for (var i = 0; i < expected.Length; i++)
        {
            for (var row = 0; row < rows; row++)
            {
                expected[i] += values.Row(row)[i % columns] * weights[(i / columns * stride) + row];
            }
        }

        Assert.Equal(expected, sums);
    }
}
