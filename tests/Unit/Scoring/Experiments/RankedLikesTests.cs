using Pipeline.Scoring;
using Pipeline.Scoring.Experiments;

namespace Pipeline.Unit.Scoring.Experiments;

public sealed class RankedLikesTests
{
    [Fact]
    public void Items_are_ranked_seed_by_seed_and_averaged_by_rank()
    {
        // Ranked, the first seed is off by -3, 1, 0 and the second by 2, -1, 4.
        var likes = RankedLikes.Of("mamba", [new LikedItems([3, 9, 1], [4, 6, 1]), new LikedItems([7, 5, 0], [9, 4, 4])]);

        Assert.Equal([-0.5, 0, 2], likes.Differences.Select(difference => difference.Value));
        // Of two seeds drawn anew, one is drawn twice in half of all cases: the interval reaches from the one to the other.
        Assert.Equal([(-3.0, 2.0), (-1.0, 1.0), (0.0, 4.0)], likes.Differences.Select(difference => (difference.Low, difference.High)));
    }

    [Fact]
    public void One_seed_has_no_interval() =>
        Assert.All(RankedLikes.Of("mamba", [new LikedItems([3, 9], [4, 6])]).Differences, difference => Assert.Equal((difference.Value, difference.Value), (difference.Low, difference.High)));

    [Fact]
    public void A_seed_with_fewer_items_ends_the_ranks() =>
        Assert.Equal(2, RankedLikes.Of("mamba", [new LikedItems([3, 9, 1], [4, 6, 1]), new LikedItems([7, 5], [9, 4])]).Differences.Count);
}
