using Pipeline.Features;
using Pipeline.Scoring;
using Pipeline.Stages;

namespace Pipeline.Unit.Scoring;

public sealed class TopListsTests
{
    [Fact]
    public void Items_come_by_inner_product_and_ties_by_item_order()
    {
        // Width 2. User (1, 2): scores 2, 5, 2, 0; user (0, 1): 1, 2, 1, 0.
        var lists = TopLists.Of([1, 2, 0, 1], [0, 1, 1, 2, 0, 1, 0, 0], width: 2, length: 3, threads: 1);

        Assert.Equal([1, 0, 2], lists.Items(0).ToArray());
        Assert.Equal([5f, 2, 2], lists.Scores(0).ToArray());
        Assert.Equal([1, 0, 2], lists.Items(1).ToArray());
        Assert.Equal([2f, 1, 1], lists.Scores(1).ToArray());
    }

    [Fact]
    public void A_catalogue_shorter_than_the_list_gives_all_of_it()
    {
        var lists = TopLists.Of([1], [3, 4], width: 1, length: 12, threads: 1);

        Assert.Equal(2, lists.Length);
        Assert.Equal([1, 0], lists.Items(0).ToArray());
    }

    [Fact]
    public void The_number_of_threads_changes_nothing()
    {
        var random = new RandomStream(1, "embeddings");
        float[] users = [.. Enumerable.Range(0, 37 * 8).Select(_ => random.NextFloat())];
        float[] items = [.. Enumerable.Range(0, 53 * 8).Select(_ => random.NextFloat())];

        var one = TopLists.Of(users, items, 8, 12, threads: 1);
        var four = TopLists.Of(users, items, 8, 12, threads: 4);

        for (var user = 0; user < 37; user++)
        {
            Assert.Equal(one.Items(user).ToArray(), four.Items(user).ToArray());
            Assert.Equal(one.Scores(user).ToArray(), four.Scores(user).ToArray());
        }
    }

    [Fact]
    public void A_score_that_is_no_number_is_the_lowest_and_marks_the_run_as_dead()
    {
        var lists = TopLists.Of([1], [3, float.NaN, 5], width: 1, length: 3, threads: 1);

        Assert.Equal([2, 0, 1], lists.Items(0).ToArray());
        Assert.Equal("some scores are not finite", RunHealth.CauseOfDeathOf(new TestLists([lists.Items(0).ToArray()], [lists.Scores(0).ToArray()])));
    }

    [Fact]
    public void Users_that_look_alike_are_scored_once()
    {
        var spec = new FeatureSpec(["a", "b"], [new CategoryFeature("c", 3)]);
        // Rows 0 and 2 agree in everything; row 3 differs from row 1 in its category alone, row 1 from row 0 in one number.
        var table = new EncodedTable(spec, ["u0", "u1", "u2", "u3"], null, [0, 1, 1, 1, 0, 1, 1, 1], [2, 0, 2, 1]);

        var distinct = DistinctRows.Of(table, [3, 2, 0, 1, 0]);

        Assert.Equal([3, 2, 1], distinct.Rows);
        Assert.Equal([0, 1, 1, 2, 1], distinct.GroupOf);
        Assert.Equal(5 / 3.0, distinct.Factor, 15);
    }

    [Fact]
    public void Recommendations_of_an_item_are_counted_down_to_the_number_of_likes()
    {
        // User 0 likes two items and gets 1, 2; user 1 likes one and gets 0; user 2 likes none and gets none.
        var lists = TopLists.Of(3, 3, 3, (user, scores) => new float[][] { [0, 2, 1], [3, 2, 1], [0, 0, 9] }[user].CopyTo(scores), threads: 1);

        var likes = LikedItems.Of(new TestUsers([0, 1, 2], [[0, 1], [2], []]), new GivenLists(lists, [0, 1, 2], [0, 1, 2], 3), 3);

        Assert.Equal([1, 1, 1], likes.Actual);
        Assert.Equal([1, 1, 1], likes.Predicted);
    }

    [Theory]
    [InlineData(new[] { 3, 1, 3 }, new[] { 3f, 2, 1 }, "holds item 'three' twice; every item may occur once")]
    [InlineData(new[] { 3, 1, 2 }, new[] { 3f, 1, 2 }, "has the score 2 at rank 3 after 1; scores must not increase")]
    public void A_list_that_repeats_an_item_or_rises_is_refused(int[] items, float[] scores, string message)
    {
        var check = new ListCheck(["zero", "one", "two", "three"]);

        // An item of another list is no repetition.
        Assert.Null(check.Fault([3, 1, 2], [2f, 2, 1]));
        Assert.Equal(message, check.Fault(items, scores));
        Assert.Null(check.Fault([3, 1, 2], [2f, 2, 1]));
    }
}
