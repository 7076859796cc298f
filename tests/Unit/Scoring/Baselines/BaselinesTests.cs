using Pipeline.Features;
using Pipeline.Scoring.Baselines;
using Pipeline.Stages;

namespace Pipeline.Unit.Scoring.Baselines;

public sealed class BaselinesTests
{
    // Users 0 and 1 are tested; 2 to 5 are not. User 1 has no history. Days 10 to 20.
    static readonly History Known = History.Of(
        new Interactions([0, 0, 0, 2, 2, 3, 3, 4, 5, 5], [1, 3, 1, 0, 0, 0, 2, 2, 3, 2], [10, 18, 18, 11, 11, 12, 20, 19, 14, 14]), 6);

    static readonly BaselineData Data = new()
    {
        // Item 0 three times, item 1 twice, item 2 three times, item 3 twice.
        Taken = BaselineData.CountTaken(Known, 4),
        Users = Users([20, 60, 20, 20, 60, 60]),
        Test = new TestUsers([0, 1], [[1, 3], []]),
        History = Known,
        Random = user => new RandomStream(1, "random list", user),
    };

    [Fact]
    public void Popularity_counts_positive_labels_only_where_there_is_no_history()
    {
        // Item 0: one like of two pairs; item 1: a dislike and a neutral; item 2: two likes.
        var pairs = new Pairs([0, 0, 0, 0, 0, 0], [0, 0, 1, 1, 2, 2], [1, 0, -1, 0, 1, 1]);

        Assert.Equal([1, 0, 2], BaselineData.CountLikes(pairs, 3));
    }

    [Fact]
    public void Popularity_gives_everyone_the_counts()
    {
        Assert.Equal([3f, 2, 3, 2], Score(new PopularityBaseline(), 0));
        Assert.Equal([3f, 2, 3, 2], Score(new PopularityBaseline(), 1));
    }

    [Fact]
    public void Popularity_by_age_counts_those_of_a_like_age()
    {
        // The young (users 0, 2, 3) took item 0 three times, item 1 twice, items 2 and 3 once: 2 is more popular at large. The old (4, 5) took
        // item 2 twice, item 3 once, and 0 before 1 by popularity.
        Assert.Equal([0, 1, 2, 3], Order(new PopularityByAgeBaseline(), 0));
        Assert.Equal([2, 3, 0, 1], Order(new PopularityByAgeBaseline(), 1));
    }

    [Fact]
    public void Recent_popularity_counts_the_last_days_of_the_history()
    {
        // Three days: 18, 19 and 20. Items 1 and 3 once (user 0), item 2 twice. Item 0 not at all.
        Assert.Equal([2, 1, 3, 0], Order(new RecentPopularityBaseline(3), 1));
        // Two days: item 2 twice; the others by popularity.
        Assert.Equal([2, 0, 1, 3], Order(new RecentPopularityBaseline(2), 1));
    }

    [Fact]
    public void Last_purchases_come_newest_first_then_what_is_popular()
    {
        // User 0 took item 1 on day 10, items 3 and 1 on day 18: 1 before 3 by item order, then 0 and 2 by popularity.
        Assert.Equal([1, 3, 0, 2], Order(new LastPurchasesBaseline(), 0));
        var earlier = Data with { History = History.Of(new Interactions([0, 0], [1, 3], [10, 18]), 6) };
        Assert.Equal([3, 1, 0, 2], Order(new LastPurchasesBaseline(), 0, earlier));
    }

    [Fact]
    public void Last_purchases_of_a_user_without_history_are_popularity() =>
        Assert.Equal(Order(new PopularityBaseline(), 1), Order(new LastPurchasesBaseline(), 1));

    [Fact]
    public void An_empty_history_leaves_item_order()
    {
        var nothing = Data with { History = History.Of(new Interactions([], [], []), 6), Taken = new int[4] };

        Assert.All(
            AllBaselines.Of(new BaselineOptions()).Where(baseline => baseline.NeedsHistory),
            baseline => Assert.Equal([0, 1, 2, 3], Order(baseline, 0, nothing)));
    }

    [Fact]
    public void Oracle_puts_what_the_user_likes_first()
    {
        Assert.Equal([0f, 1, 0, 1], Score(new OracleBaseline(), 0));
        Assert.Equal([0f, 0, 0, 0], Score(new OracleBaseline(), 1));
    }

    [Fact]
    public void Random_is_a_permutation_that_repeats_for_a_user_and_differs_between_users()
    {
        var first = Score(new RandomBaseline(), 0, 100);

        // Scores are (items - place) / items: 1/100 .. 100/100, each once.
        Assert.Equal(Enumerable.Range(1, 100).Select(place => place / 100f), first.Order());
        Assert.Equal(first, Score(new RandomBaseline(), 0, 100));
        Assert.NotEqual(first, Score(new RandomBaseline(), 1, 100));
    }

    [Fact]
    public void The_index_of_baselines_is_complete()
    {
        var classes = typeof(IBaseline).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(IBaseline))).Select(type => type.Name).Order();

        var all = AllBaselines.Of(new BaselineOptions());
        Assert.Equal(classes, all.Select(baseline => baseline.GetType().Name).Order());
        Assert.Equal(["popularity", "popularity-by-age", "recent-popularity", "last-purchases", "random", "oracle"], all.Select(baseline => baseline.Id));
        Assert.Equal(["popularity", "random", "oracle"], AllBaselines.WithoutHistory.Select(baseline => baseline.Id));
    }

    /// <summary>Users with these ages in years and nothing else.</summary>
    static EncodedTable Users(float[] ages) =>
        new(new FeatureSpec(["age"], []), [.. ages.Select((_, user) => $"user-{user}")], null, ages, []);

    static int[] Order(IBaseline baseline, int testUser, BaselineData? data = null) =>
        [.. Score(baseline, testUser, 4, data).Select((score, item) => (score, item)).OrderByDescending(pair => pair.score).Select(pair => pair.item)];

    static float[] Score(IBaseline baseline, int testUser, int items = 4, BaselineData? data = null)
    {
        var scores = new float[items];
        Array.Fill(scores, -1);
        baseline.Scorer(data ?? Data)(testUser, scores);
        return scores;
    }
}
