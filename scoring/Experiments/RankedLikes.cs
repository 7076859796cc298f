using Pipeline.Scoring.Statistics;
using Pipeline.Stages;

namespace Pipeline.Scoring.Experiments;

/// <summary>How many more test users of a seed are recommended an item than like it, by the item's rank among the likes of that seed.</summary>
/// <remarks>
/// Figure 5 of the paper, which ranks items seed by seed too. Seeds draw their own users, so that drawing seeds anew carries the chance of users with it
/// (Davison and Hinkley 1997, section 3.8).
/// </remarks>
/// <param name="Seeds">With one seed an interval is its value.</param>
/// <param name="Differences">By rank, the most liked item first: mean over seeds.</param>
public sealed record RankedLikes(string Tower, int Seeds, IReadOnlyList<Interval> Differences)
{
    const int Resamples = 1_000;

    /// <param name="bySeed">One per seed; at least one.</param>
    public static RankedLikes Of(string tower, IReadOnlyList<LikedItems> bySeed)
    {
        var length = bySeed.Min(likes => likes.Actual.Length);
        var bootstrap = Bootstrap.Draw(
            [.. bySeed.Select(likes => new UserValues(length, Ranked(likes)[..length]))], Resamples, resample => new RandomStream(0, "bootstrap of likes", resample), threads: 1);
        return new RankedLikes(tower, bySeed.Count, [.. Enumerable.Range(0, length).Select(bootstrap.Of)]);
    }

    /// <summary>Ties by item order.</summary>
    static double[] Ranked(LikedItems likes) =>
        [.. Enumerable.Range(0, likes.Actual.Length).OrderByDescending(item => likes.Actual[item]).Select(item => (double)(likes.Predicted[item] - likes.Actual[item]))];
}
