using Pipeline.Features;

namespace Pipeline.Scoring.Report;

/// <summary>The lists that the test users of one seed were given.</summary>
/// <param name="Lists">By list's name, then by test user: items, best first.</param>
public sealed record SeedLists(int Seed, TestUsers Test, IReadOnlyDictionary<string, int[][]> Lists)
{
    /// <summary>True if all seeds test the same users on the same items, as where a date parts training from test: they are then one sample of users, not several.</summary>
    public static bool ShareUsers(IReadOnlyList<SeedLists> seeds) => seeds.Skip(1).All(seed =>
        seed.Test.Users.AsSpan().SequenceEqual(seeds[0].Test.Users)
        && seed.Test.Elsewhere.AsSpan().SequenceEqual(seeds[0].Test.Elsewhere)
        && seed.Test.Relevant.Zip(seeds[0].Test.Relevant).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)));
}
