using Pipeline.Kernels;
using Pipeline.Kernels.Simd;

namespace Pipeline.Unit.Kernels;

public sealed unsafe class TopScoresTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(7, 5, 5)]
    [InlineData(33, 100, 12)]
    [InlineData(70, 300, 12)]
    [InlineData(5, 300, 300)]
    public void Selection_equals_a_full_sort_at_every_width(int users, int items, int length)
    {
        const int width = 5;
        // Whole numbers, so that sums are exact in any order; few different ones, so that many scores are equal.
        var (user, item) = (Whole(users * width, 1), Whole(items * width, 2));
        var (expectedItems, expectedScores) = Expected(user, item, width, length, []);
        Check<V128>(user, item, width, length, [], expectedItems, expectedScores);
        Check<V256>(user, item, width, length, [], expectedItems, expectedScores);
        Check<V512>(user, item, width, length, [], expectedItems, expectedScores);
    }

    [Fact]
    public void Seen_items_are_left_out_and_a_list_that_runs_out_ends_in_nothing()
    {
        // One number a user: item 3 is the best, then 1 and 2, which are equal, then 0.
        var (chosen, scores) = (new int[8], new float[8]);
        TopScores.Select([1, 1], [0, 2, 2, 5], 1, 4, [[3, 1], []], chosen, scores);

        Assert.Equal([2, 0, -1, -1, 3, 1, 2, 0], chosen);
        Assert.Equal([2, 0, float.NegativeInfinity, float.NegativeInfinity, 5, 2, 2, 0], scores);
    }

    [Fact]
    public void Seen_items_of_a_long_catalogue_are_left_out_in_every_tile()
    {
        const int users = 40, items = 300, width = 3, length = 20;
        var (user, item) = (Whole(users * width, 3), Whole(items * width, 4));
        int[][] seen = [.. Enumerable.Range(0, users).Select(u => Enumerable.Range(0, items).Where(i => (i + u) % 3 == 0).ToArray())];
        var (chosen, scores) = (new int[users * length], new float[users * length]);
        TopScores.Select(user, item, width, length, seen, chosen, scores);

        var (expectedItems, expectedScores) = Expected(user, item, width, length, seen);
        Assert.Equal(expectedItems, chosen);
        Assert.Equal(expectedScores, scores);
    }

    [Fact]
    public void Scores_that_are_no_number_or_without_bound_come_last_by_item()
    {
        var (chosen, scores) = (new int[5], new float[5]);
        TopScores.Select([1], [float.NaN, float.NegativeInfinity, 3, float.PositiveInfinity, float.NaN], 1, 5, [], chosen, scores);

        Assert.Equal([3, 2, 0, 1, 4], chosen);
        Assert.Equal([float.PositiveInfinity, 3, float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity], scores);
    }

    [Fact]
    public void Users_beside_a_user_change_nothing()
    {
        const int users = 37, items = 50, width = 32, length = 12;
        var (user, item) = (Numeric.Uniform(users * width, 5), Numeric.Uniform(items * width, 6));
        var (chosen, scores) = (new int[users * length], new float[users * length]);
        TopScores.Select(user, item, width, length, [], chosen, scores);
        for (var u = 0; u < users; u++)
        {
            var (oneChosen, oneScores) = (new int[length], new float[length]);
            TopScores.Select(user.AsSpan(u * width, width), item, width, length, [], oneChosen, oneScores);
            Assert.Equal(oneChosen, chosen[(u * length)..((u + 1) * length)]);
            Assert.Equal(oneScores, scores[(u * length)..((u + 1) * length)]);
        }
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => TopScores.Select([1, 2, 3], [1, 2], 2, 1, [], new int[1], new float[1]));
        Assert.Throws<ArgumentException>(() => TopScores.Select([1, 2], [1, 2], 2, 1, [[], []], new int[1], new float[1]));
        Assert.Throws<ArgumentException>(() => TopScores.Select([1, 2], [1, 2], 2, 1, [], new int[1], new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => TopScores.Select([1], [1], 1, 0, [], [], []));
    }

    static float[] Whole(int count, int seed) => Array.ConvertAll(Numeric.Whole(count, 4, seed), value => (float)value - 1);

    static void Check<T>(float[] users, float[] items, int width, int length, int[][] seen, int[] expectedItems, float[] expectedScores)
        where T : struct, IVector<T>
    {
        if (T.Width > SimdLevel.Width)
        {
            return;
        }

        var (chosen, scores) = (new int[expectedItems.Length], new float[expectedItems.Length]);
        fixed (float* user = users, item = items)
        {
            TopScores.Select<T>(
                new MatrixView(user, users.Length / width, width, width), new MatrixView(item, items.Length / width, width, width), length, seen, chosen, scores);
        }

        Assert.Equal(expectedItems, chosen);
        Assert.Equal(expectedScores, scores);
    }

    static (int[] Items, float[] Scores) Expected(float[] users, float[] items, int width, int length, int[][] seen)
    {
        float Score(int user, int item) => Enumerable.Range(0, width).Sum(e => users[(user * width) + e] * items[(item * width) + e]);
        var lists = Enumerable.Range(0, users.Length / width).SelectMany(user => Enumerable.Range(0, items.Length / width)
            .Where(item => seen.Length == 0 || !seen[user].Contains(item))
            .Select(item => (Item: item, Score: Score(user, item)))
            .OrderByDescending(entry => entry.Score).ThenBy(entry => entry.Item).Take(length)).ToList();
        return ([.. lists.Select(entry => entry.Item)], [.. lists.Select(entry => entry.Score)]);
    }
}
