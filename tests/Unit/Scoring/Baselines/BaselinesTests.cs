using Pipeline.Scoring.Baselines;
using Pipeline.Stages;

namespace Pipeline.Unit.Scoring.Baselines;

public sealed class BaselinesTests
{
    static readonly BaselineData Data = new([2, 5, 5, 0], [[1, 3], []], user => new RandomStream(1, "random list", user));

    [Fact]
    public void Popularity_counts_positive_labels_only()
    {
        // Item 0: one like of two pairs; item 1: a dislike and a neutral; item 2: two likes.
        Assert.Equal([1, 0, 2], BaselineData.CountLikes([0, 0, 1, 1, 2, 2], [1, 0, -1, 0, 1, 1], 3));
    }

    [Fact]
    public void Popularity_gives_everyone_the_counts()
    {
        Assert.Equal([2f, 5, 5, 0], Score(new PopularityBaseline(), 0));
        Assert.Equal([2f, 5, 5, 0], Score(new PopularityBaseline(), 1));
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

        Assert.Equal(classes, AllBaselines.List.Select(baseline => baseline.GetType().Name).Order());
        Assert.Equal(["popularity", "random", "oracle"], AllBaselines.List.Select(baseline => baseline.Id));
    }

    static float[] Score(IBaseline baseline, int user, int items = 4)
    {
        var scores = new float[items];
        Array.Fill(scores, -1);
        baseline.Score(Data, user, scores);
        return scores;
    }
}
