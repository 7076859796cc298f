using Pipeline.Features;
using Pipeline.Features.Negatives;
using Pipeline.Stages;

namespace Pipeline.Unit.Features.Negatives;

/// <summary>Every strategy, over a small shop: 6 items, of which nobody bought the last.</summary>
public class NegativeSamplerTests
{
    const int Draws = 20_000;

    /// <summary>User 0 took items 0 and 3, user 1 all but item 4, user 2 everything, user 3 nothing, user 4 all but the last.</summary>
    static readonly int[][] Taken = [[0, 3, 0], [0, 1, 2, 3, 5], [0, 1, 2, 3, 4, 5], [], [0, 1, 2, 3, 4]];

    static readonly long[] Purchases = [900, 400, 100, 25, 4, 0];
    static readonly History History = Make();

    public static TheoryData<NegativeKind> Drawn => [.. AllNegatives.List.Where(sampler => sampler is IDrawnNegatives).Select(sampler => sampler.Kind)];

    [Fact]
    public void Every_strategy_is_in_the_list_and_has_a_kind_of_its_own()
    {
        var written = typeof(INegativeSampler).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(INegativeSampler)));

        Assert.Equal(written.Select(type => type.Name).Order(StringComparer.Ordinal), AllNegatives.List.Select(sampler => sampler.GetType().Name).Order(StringComparer.Ordinal));
        Assert.Equal(Enum.GetValues<NegativeKind>(), AllNegatives.List.Select(sampler => sampler.Kind));
        Assert.All(AllNegatives.List, sampler => Assert.EndsWith(".", sampler.Meaning, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Drawn))]
    public void No_strategy_yields_a_known_purchase(NegativeKind kind)
    {
        for (var user = 0; user < Taken.Length; user++)
        {
            foreach (var item in Draw(kind, user, 500))
            {
                Assert.True(item == -1 ? user == 2 : (uint)item < 6 && !Taken[user].Contains(item), $"{kind} drew {item} for user {user}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Drawn))]
    public void Who_took_everything_gets_none(NegativeKind kind) => Assert.All(Draw(kind, user: 2, 10), item => Assert.Equal(-1, item));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 0.75)]
    [InlineData(3, 0.5)]
    public void Popularity_draws_by_the_power_of_purchases(int user, double alpha)
    {
        var weights = Enumerable.Range(0, 6).Select(item => Taken[user].Contains(item) ? 0 : Math.Pow(Purchases[item], alpha)).ToArray();

        Matches(NegativeKind.Popularity, user, weights, alpha);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Uniform_draws_all_items_that_were_not_taken_alike(int user) =>
        Matches(NegativeKind.Uniform, user, [.. Enumerable.Range(0, 6).Select(item => Taken[user].Contains(item) ? 0.0 : 1)]);

    [Fact]
    public void Popularity_to_the_power_0_is_uniform() => Matches(NegativeKind.Popularity, 0, [0, 1, 1, 0, 1, 1], alpha: 0);

    // The list of user 0 has items 0, 2, 3, 4 and 5; items 0 and 3 were taken.
    [Fact]
    public void Hard_draws_all_items_of_the_list_that_were_not_taken_alike() => Matches(NegativeKind.Hard, 0, [0, 0, 1, 0, 1, 1]);

    // User 1 has a list of nothing but what was taken, user 3 has none.
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Hard_falls_back_to_uniform_and_counts_it(int user)
    {
        var tally = new NegativeTally();
        Draw(NegativeKind.Hard, user, 100, tally: tally);

        Assert.Equal(100, tally.Fallbacks);
        Matches(NegativeKind.Hard, user, [.. Enumerable.Range(0, 6).Select(item => Taken[user].Contains(item) ? 0.0 : 1)]);
    }

    [Fact]
    public void Popularity_falls_back_to_uniform_where_nobody_bought_what_is_left()
    {
        var tally = new NegativeTally();

        Assert.All(Draw(NegativeKind.Popularity, user: 4, 50, tally: tally), item => Assert.Equal(5, item));
        Assert.Equal(50, tally.Fallbacks);
    }

    [Fact]
    public void Who_took_nearly_all_the_weight_gets_what_is_left_in_the_right_shares()
    {
        // All but 2e-7 of the weight is of item 0; one of 100 draws finds another item once in 50,000 times.
        var history = History.Of(new Interactions([0], [0], [1]), 1);
        var data = new NegativeData(history, [10_000_000, 1, 1, 2], alpha: 1);
        var random = new RandomStream(3, "rare");
        var tally = new NegativeTally();
        var counts = new int[4];
        for (var i = 0; i < 2_000; i++)
        {
            counts[new PopularityNegatives().Draw(data, 0, random, tally)]++;
        }

        Assert.Equal(0, counts[0]);
        Assert.InRange(tally.Collisions, 2_000 * 99, 2_000 * 100);
        Assert.Equal(0, tally.Fallbacks);
        Assert.InRange(ChiSquare.Of(counts[1..], [0.25, 0.25, 0.5]), 0, ChiSquare.Quantile999(2));
    }

    [Fact]
    public void Refused_draws_are_counted()
    {
        var tally = new NegativeTally();
        Draw(NegativeKind.Uniform, user: 0, Draws, tally: tally);

        // User 0 took 2 of 6 items, so a draw is refused with chance 1/3; four standard deviations of such a share in at least 20,000 draws are 0.0133.
        Assert.Equal(Draws, tally.Draws - tally.Collisions);
        Assert.Equal(1.0 / 3, (double)tally.Collisions / tally.Draws, 0.0133);
    }

    static void Matches(NegativeKind kind, int user, double[] weights, double alpha = 1)
    {
        var counts = new int[6];
        foreach (var item in Draw(kind, user, Draws, alpha))
        {
            counts[item]++;
        }

        int[] possible = [.. Enumerable.Range(0, 6).Where(item => weights[item] > 0)];
        Assert.Equal(Draws, possible.Sum(item => counts[item]));
        if (possible.Length > 1)
        {
            Assert.InRange(
                ChiSquare.Of(possible.Select(item => counts[item]), possible.Select(item => weights[item] / weights.Sum())), 0, ChiSquare.Quantile999(possible.Length - 1));
        }
    }

    static int[] Draw(NegativeKind kind, int user, int count, double alpha = 1, NegativeTally? tally = null)
    {
        var lists = new Dictionary<int, int[]> { [0] = [5, 0, 4, 3, 2], [1] = [0, 1], [2] = [3], [4] = [1, 5] };
        var data = new NegativeData(History, Purchases, alpha, lists);
        var random = new RandomStream(11, "negatives");
        var sampler = (IDrawnNegatives)AllNegatives.Of(kind);
        tally ??= new NegativeTally();
        return [.. Enumerable.Range(0, count).Select(_ => sampler.Draw(data, user, random, tally))];
    }

    static History Make()
    {
        int[] users = [.. Taken.SelectMany((items, user) => items.Select(_ => user))];
        return History.Of(new Interactions(users, [.. Taken.SelectMany(items => items)], new int[users.Length]), Taken.Length);
    }
}
