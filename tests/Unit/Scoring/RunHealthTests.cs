using Pipeline.Scoring;

namespace Pipeline.Unit.Scoring;

public sealed class RunHealthTests
{
    [Fact]
    public void Equal_scores_everywhere_are_a_dead_run() =>
        Assert.Equal("all scores are equal", RunHealth.CauseOfDeathOf(new TestLists([[0, 1], [0, 1]], [[0, 0], [0, 0]])));

    [Fact]
    public void One_list_for_every_user_is_a_dead_run_even_if_its_scores_differ() =>
        Assert.Equal("every user has the same list", RunHealth.CauseOfDeathOf(new TestLists([[3, 1], [3, 1]], [[0.9f, 0.2f], [0.8f, 0.3f]])));

    [Fact]
    public void Scores_that_are_not_finite_are_a_dead_run() =>
        Assert.Equal("some scores are not finite", RunHealth.CauseOfDeathOf(new TestLists([[3, 1], [1, 3]], [[0.9f, float.NegativeInfinity], [0.8f, 0.3f]])));

    [Fact]
    public void Lists_that_differ_are_alive() => Assert.Null(RunHealth.CauseOfDeathOf(new TestLists([[3, 1], [1, 3]], [[0.9f, 0.2f], [0.9f, 0.2f]])));

    [Fact]
    public void A_single_user_has_no_other_list_to_compare_with() => Assert.Null(RunHealth.CauseOfDeathOf(new TestLists([[3, 1]], [[0.9f, 0.2f]])));

    [Fact]
    public void An_empty_list_before_equal_scores_hides_no_dead_run() =>
        Assert.Equal("all scores are equal", RunHealth.CauseOfDeathOf(new TestLists([[], [0, 1], [0, 2]], [[], [0.5f, 0.5f], [0.5f, 0.5f]])));

    [Fact]
    public void A_list_by_popularity_neither_hides_a_dead_run_nor_is_one()
    {
        int[][] items = [[3, 1], [0, 2], [3, 1], [0, 2]];
        float[][] scores = [[0.9f, 0.2f], [7, 5], [0.9f, 0.2f], [7, 5]];

        Assert.Equal("every user has the same list", RunHealth.CauseOfDeathOf(new TestLists(items, scores, [ListSource.Model, ListSource.Popularity, ListSource.Model, ListSource.Popularity])));
        Assert.Null(RunHealth.CauseOfDeathOf(new TestLists(items, scores, [.. Enumerable.Repeat(ListSource.Popularity, 4)])));
        Assert.Null(RunHealth.CauseOfDeathOf(new TestLists(items, scores)));
    }
}
