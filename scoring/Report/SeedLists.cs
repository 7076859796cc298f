using Pipeline.Features;

namespace Pipeline.Scoring.Report;

/// <summary>The lists that the test users of one seed were given.</summary>
/// <param name="Lists">By list's name, then by test user: items, best first.</param>
public sealed record SeedLists(int Seed, TestUsers Test, IReadOnlyDictionary<string, int[][]> Lists)
{
    /// <summary>By test user: true where nothing is known of the user, so that every tower's list is by popularity. Null where all are known.</summary>
    public bool[]? ByPopularity { get; init; }

    /// <summary>True if all seeds test the same users on the same items, as where a date parts training from test.</summary>
    public static bool ShareUsers(IReadOnlyList<TestUsers> seeds) => seeds.Skip(1).All(test =>
        test.Users.AsSpan().SequenceEqual(seeds[0].Users)
        && test.Elsewhere.AsSpan().SequenceEqual(seeds[0].Elsewhere)
        && test.Relevant.Zip(seeds[0].Relevant).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)));
}
