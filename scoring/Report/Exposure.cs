using Pipeline.Features;
using Pipeline.Scoring.Baselines;
using Pipeline.Stages;

namespace Pipeline.Scoring.Report;

/// <summary>What training may know of one seed's items and test users, as far as it parts them into groups.</summary>
/// <param name="Taken">By item: how often it was taken or liked.</param>
/// <param name="Known">By test user: how many different items the user is known to have taken; null where the data have no history.</param>
sealed record Exposure(IReadOnlyList<long> Taken, int[]? Known)
{
    /// <param name="history">An <see cref="Interactions"/> table.</param>
    /// <param name="userCount">Number of the encoded users.</param>
    public static Exposure OfHistory(InputFolder history, TestUsers test, int userCount, int itemCount)
    {
        var known = KnownItems.Read(history, userCount, itemCount);
        return new Exposure(known.TimesTaken, [.. test.Users.Select(user => known.Of(user).Length)]);
    }

    /// <param name="pairs"><see cref="Pairs"/> with labels.</param>
    public static Exposure OfPairs(InputFolder pairs, int itemCount) =>
        new([.. BaselineData.CountLikes(Pairs.Read(pairs), itemCount).Select(count => (long)count)], null);

    /// <summary>By item: whether it is one of the fewest that together were taken at least half as often as all; of equals the first.</summary>
    public bool[] Head()
    {
        var isHead = new bool[Taken.Count];
        var (total, sum) = (Taken.Sum(), 0L);
        foreach (var item in Enumerable.Range(0, isHead.Length).OrderByDescending(item => Taken[item]).TakeWhile(_ => 2 * sum < total))
        {
            (isHead[item], sum) = (true, sum + Taken[item]);
        }

        return isHead;
    }
}
