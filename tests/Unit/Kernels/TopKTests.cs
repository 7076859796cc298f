using Pipeline.Kernels;

namespace Pipeline.Unit.Kernels;

public sealed class TopKTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(8, 8)]
    [InlineData(33, 12)]
    [InlineData(1000, 1)]
    [InlineData(1000, 100)]
    [InlineData(1000, 999)]
    public void Selection_equals_a_full_sort(int count, int k)
    {
        var scores = Numeric.Uniform(count, 1);
        Check(scores, [], k);

        // Ascending is the worst case: every score changes the heap.
        Array.Sort(scores);
        Check(scores, [], k);
        Array.Reverse(scores);
        Check(scores, [], k);
    }

    [Fact]
    public void Equal_scores_come_in_the_order_of_items() =>
        Check(Array.ConvertAll(Numeric.Whole(500, 5, 2), value => (float)value), [], 120);

    [Fact]
    public void Score_equal_to_the_worst_selected_does_not_take_its_place()
    {
        // In the last few scores, and within a whole vector of them.
        Check([1, 2, 2], [], 1);
        Check([1, .. Enumerable.Repeat(2f, 100)], [], 1);
    }

    [Fact]
    public void Masked_items_and_scores_that_are_no_number_are_never_selected()
    {
        var scores = Numeric.Uniform(300, 3);
        var isMasked = Array.ConvertAll(Numeric.Whole(300, 3, 4), value => value == 0);
        for (var i = 0; i < 300; i += 7)
        {
            scores[i] = float.NaN;
        }

        Check(scores, isMasked, 50);
        Check(scores, isMasked, 300);
    }

    [Fact]
    public void Infinities_are_scores()
    {
        var (items, values) = (new int[4], new float[4]);
        Assert.Equal(3, TopK.Select([float.NegativeInfinity, 1, float.PositiveInfinity, float.NaN], [], items, values));
        Assert.Equal([2, 1, 0], items[..3]);
        Assert.Equal([float.PositiveInfinity, 1, float.NegativeInfinity], values[..3]);
    }

    [Fact]
    public void Nothing_is_selected_where_there_is_nothing_or_no_room()
    {
        Assert.Equal(0, TopK.Select([], [], new int[3], new float[3]));
        Assert.Equal(0, TopK.Select([1, 2], [], [], []));
        Assert.Equal(0, TopK.Select([1, 2], [true, true], new int[1], new float[1]));
    }

    [Fact]
    public void Mask_of_another_length_is_refused() =>
        Assert.Throws<ArgumentException>(() => TopK.Select([1, 2], [true], new int[1], new float[1]));

    [Fact]
    public void Nothing_is_allocated()
    {
        var (scores, items, values) = (Numeric.Uniform(1000, 1), new int[12], new float[12]);
        Assert.Equal(0, Allocations.Of(() => TopK.Select(scores, [], items, values)));
    }

    static void Check(float[] scores, bool[] isMasked, int k)
    {
        var expected = Enumerable.Range(0, scores.Length)
            .Where(i => !float.IsNaN(scores[i]) && (isMasked.Length == 0 || !isMasked[i]))
            .OrderByDescending(i => scores[i]).ThenBy(i => i).Take(k).ToArray();
        var (items, values) = (new int[k], new float[k]);
        var count = TopK.Select(scores, isMasked, items, values);
        Assert.Equal(expected, items[..count]);
        Assert.Equal(expected.Select(i => scores[i]), values[..count]);
    }
}
