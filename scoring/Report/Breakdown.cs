using Pipeline.Scoring.Metrics;
using Pipeline.Scoring.Statistics;

namespace Pipeline.Scoring.Report;

/// <summary>One metric of some lists, apart for groups of users or of items.</summary>
/// <param name="By">What parts the groups: one of the names of <see cref="BreakdownBy"/>.</param>
/// <param name="Baseline">The list that towers are held against: the strongest baseline by this metric, all users together.</param>
/// <param name="Groups">Two or more, none of them empty.</param>
public sealed record Breakdown(string By, IMetric Metric, string Baseline, IReadOnlyList<GroupRow> Groups)
{
    /// <summary>How many items the head has: "12 of 100"; null where items are not parted.</summary>
    public string? Head { get; init; }
}

/// <param name="Group">"5-9" items, "head".</param>
/// <param name="Users">Test users in it, all seeds together.</param>
/// <param name="Values">Of the towers, then of popularity and of the strongest baseline.</param>
public sealed record GroupRow(string Group, int Users, IReadOnlyList<GroupValue> Values);

/// <param name="Interval">Mean over the group's users. Bounds are not a number where some resample has nobody of the group.</param>
/// <param name="Difference">A tower minus the baseline, for the same users; null for a baseline.</param>
public sealed record GroupValue(string List, Interval Interval, Interval? Difference);

/// <summary>What users or items are parted by, in the order of a report.</summary>
static class BreakdownBy
{
    /// <summary>Whether anything is known of the user: "known", "unknown".</summary>
    public const string Features = "features";

    /// <summary>Different items of the catalogue that training knows the user took: "0", "1-4", ...</summary>
    public const string History = "history";

    /// <summary>Items of the catalogue that the test user likes: "1-4", ...</summary>
    public const string Likes = "likes";

    /// <summary>How often an item was taken: "head", the fewest items that make half of all that was taken, and "tail".</summary>
    public const string Items = "items";
}
