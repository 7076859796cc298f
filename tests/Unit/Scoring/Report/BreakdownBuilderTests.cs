using Pipeline.Features;
using Pipeline.Scoring.Report;
using Pipeline.Stages;

namespace Pipeline.Unit.Scoring.Report;

public sealed class BreakdownBuilderTests
{
    // 25 items: as many as a user of the last group must like.
    const int Items = 25;

    [Fact]
    public void Users_are_parted_by_what_they_like_and_what_training_knows_of_them()
    {
        // By test user: likes 1, 4, 5, 20 and nothing; known 0, 1, 4, 5 and 0 items. "good" puts 0, 1, 2, ... first, so all that is liked from 0 on: NDCG 1.
        int[] likes = [1, 4, 5, 20, 0], known = [0, 1, 4, 5, 0];
        var breakdowns = Build(likes, new Exposure(new long[Items], known));

        var byHistory = breakdowns.Single(breakdown => breakdown.By == "history");
        Assert.Equal(["0 1", "1-4 2", "5-9 1"], byHistory.Groups.Select(group => $"{group.Group} {group.Users}"));
        var byLikes = breakdowns.Single(breakdown => breakdown.By == "likes");
        Assert.Equal(["1-4 2", "5-9 1", "20+ 1"], byLikes.Groups.Select(group => $"{group.Group} {group.Users}"));
        Assert.All(byLikes.Groups, group => Assert.Equal(["good", "popularity", "random"], group.Values.Select(value => value.List)));
        Assert.All(byLikes.Groups, group => Assert.Equal(1, group.Values[0].Interval.Value));
        // Popularity puts the last items first and finds none of the first five.
        Assert.Equal([0.0, 0.0], byLikes.Groups.Take(2).Select(group => group.Values[1].Interval.Value));
        // A row without a user in some of 200 resamples has no interval: one of four users is missing from 0.32 of them.
        Assert.True(double.IsNaN(byLikes.Groups[1].Values[0].Interval.Low));
        // Against the strongest, of whom the caller tells, and for towers alone.
        Assert.Equal("random", byLikes.Baseline);
        Assert.Equal(1, byLikes.Groups[0].Values[0].Difference!.Value.Value);
        Assert.Null(byLikes.Groups[0].Values[1].Difference);
    }

    [Fact]
    public void Items_are_parted_into_the_few_that_make_half_and_the_others()
    {
        // 10 + 8 of 30 are more than half, 10 are less.
        var taken = new long[Items];
        (taken[20], taken[0], taken[1], taken[2]) = (10, 6, 6, 8);
        var exposure = new Exposure(taken, null);
        Assert.Equal([2, 20], Enumerable.Range(0, Items).Where(item => exposure.Head()[item]));

        // Who likes 0 to 4 likes one item of the head, 2, and four others: "good" finds all, popularity (24, 23, ... 15) none.
        var byItems = Build([5, 5, 3], exposure).Single(breakdown => breakdown.By == "items");

        Assert.Equal(("R@10", "2 of 25"), (byItems.Metric.Name, byItems.Head));
        Assert.Equal(["head 3", "tail 3"], byItems.Groups.Select(group => $"{group.Group} {group.Users}"));
        Assert.All(byItems.Groups, group => Assert.Equal((1.0, 0.0), (group.Values[0].Interval.Value, group.Values[1].Interval.Value)));
    }

    [Fact]
    public void One_group_is_no_breakdown()
    {
        var breakdowns = Build([1, 2, 3], new Exposure(new long[Items], null));

        Assert.Empty(breakdowns);
    }

    [Fact]
    public void Users_of_whom_nothing_is_known_are_a_group_where_there_are_any()
    {
        var breakdowns = Build([1, 2, 3], new Exposure(new long[Items], null), byPopularity: [false, true, false]);

        Assert.Equal(["known 2", "unknown 1"], Assert.Single(breakdowns).Groups.Select(group => $"{group.Group} {group.Users}"));
    }

    /// <summary>User u likes items 0 .. likes[u] - 1.</summary>
    static IReadOnlyList<Breakdown> Build(int[] likes, Exposure exposure, bool[]? byPopularity = null)
    {
        var test = new TestUsers([.. Enumerable.Range(0, likes.Length)], [.. likes.Select(count => Enumerable.Range(0, count).ToArray())]);
        int[] good = [.. Enumerable.Range(0, 12)], bad = [.. Enumerable.Range(0, 12).Select(place => Items - 1 - place)];
        var lists = new Dictionary<string, int[][]> { ["good"] = Repeat(good), ["popularity"] = Repeat(bad), ["random"] = Repeat(bad) };
        return BreakdownBuilder.Of(
            ["good"],
            _ => "random",
            [new SeedLists(1, test, lists) { ByPopularity = byPopularity }],
            [exposure],
            new Resampling(200, (purpose, index) => new RandomStream(1, purpose, index), Threads: 2, SharesUsers: false));

        int[][] Repeat(int[] list) => [.. Enumerable.Repeat(list, likes.Length)];
    }
}
