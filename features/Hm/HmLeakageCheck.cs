using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Features.Hm;

/// <summary>
/// Looks at a split from outside: recounts all interactions with nothing of what made the split, and fails the run if training, or the
/// choice of items, has seen what the test asks for.
/// </summary>
/// <remarks>
/// An item's number is its place by purchases, so recounted purchases must not rise with it, within the catalogue and beyond. Items with equally many
/// purchases may stand in any order: either choice follows from what was known.
/// </remarks>
/// <param name="testPeriod">The first day that only the test may know; null if test users decide instead.</param>
sealed class HmLeakageCheck(EncodedTable users, EncodedTable items, DateOnly? testPeriod, HmSplit split)
{
    readonly int firstTestDay = testPeriod is { } date ? Days.Of(date) : int.MaxValue;
    readonly HashSet<int> testUsers = testPeriod is null ? [.. split.Test.Users] : [];

    /// <summary>Purchases by item, of those that the choice of items may see.</summary>
    readonly List<long> purchases = [];

    /// <summary>Day of a purchase by pair drawn as a positive: one that training may know, else one that it may not, else none.</summary>
    readonly Dictionary<(int User, int Item), (bool IsAllowed, int Day)?> drawn = [];

    /// <exception cref="PipelineException">Something leaks (CheckFailed): who, what and when.</exception>
    public void Require(InputFolder interactions)
    {
        RequireHistory();
        foreach (var pairs in new[] { split.Positives, split.ValidationPositives })
        {
            for (var i = 0; i < pairs.Count; i++)
            {
                drawn[(pairs.Users[i], pairs.Items[i])] = null;
            }
        }

        var allowed = Recount(interactions);
        if (allowed != split.History.Count)
        {
            throw Leak($"The history that training may know has {split.History.Count:N0} purchases; recounted, there are {allowed:N0} outside the test.");
        }

        RequirePositives();
        RequireCatalogue();
    }

    bool IsAllowed(int user, int day) => day < firstTestDay && !testUsers.Contains(user);

    void RequireHistory()
    {
        for (var row = 0; row < split.History.Count; row++)
        {
            if (!IsAllowed(split.History.Users[row], split.History.Days[row]))
            {
                throw Leak($"The history that training may know has {Purchase(split.History.Users[row], split.History.Items[row], split.History.Days[row])}.");
            }
        }
    }

    /// <returns>Purchases within the catalogue that training may know.</returns>
    long Recount(InputFolder interactions)
    {
        var allowed = 0L;
        foreach (var rows in TableFiles.Read(interactions, "user", "item", "day"))
        {
            var (userOf, itemOf, dayOf) = (rows.Values<int>("user"), rows.Values<int>("item"), rows.Values<int>("day"));
            for (var row = 0; row < rows.Count; row++)
            {
                var (user, item, day) = (userOf[row], itemOf[row], dayOf[row]);
                while (purchases.Count <= item)
                {
                    purchases.Add(0);
                }

                purchases[item] += day < firstTestDay ? 1 : 0;
                if (item >= items.Count)
                {
                    continue;
                }

                var isAllowed = IsAllowed(user, day);
                allowed += isAllowed ? 1 : 0;
                if (drawn.TryGetValue((user, item), out var seen) && seen is not { IsAllowed: true })
                {
                    drawn[(user, item)] = (isAllowed, day);
                }
            }
        }

        return allowed;
    }

    void RequirePositives()
    {
        foreach (var ((user, item), purchase) in drawn)
        {
            if (purchase is not { } seen)
            {
                throw Leak($"A positive pair says that user {users.Ids[user]} bought {Item(item)}, which no transaction says.");
            }

            if (!seen.IsAllowed)
            {
                throw Leak($"A positive pair is {Purchase(user, item, seen.Day)}.");
            }
        }
    }

    void RequireCatalogue()
    {
        for (var item = 1; item < purchases.Count; item++)
        {
            if (purchases[item] > purchases[item - 1])
            {
                throw Leak(
                    $"The choice of items puts {Item(item - 1)} at place {item} and {Item(item)} at place {item + 1}, but they were bought {purchases[item - 1]:N0} and "
                    + $"{purchases[item]:N0} times{(testPeriod is { } date ? $" before {date:o}" : "")}.");
            }
        }

        if (purchases.Count < items.Count || purchases[items.Count - 1] == 0)
        {
            throw Leak($"The choice of items has {Item(items.Count - 1)}, which nobody bought{(testPeriod is { } date ? $" before {date:o}" : "")}.");
        }
    }

    /// <summary>Who, what, when, and why training may not know it.</summary>
    string Purchase(int user, int item, int day) =>
        $"user {users.Ids[user]} buying {Item(item)} on {Days.Text(day)}, "
        + (day >= firstTestDay ? $"within the test period from {Days.Text(firstTestDay)} on" : "a test user, nothing of whom may be trained on");

    string Item(int item) => item < items.Count ? $"item {items.Ids[item]} ({items.Names?[item]})" : $"the item of place {item + 1}, outside the catalogue";

    static PipelineException Leak(string what) =>
        new(ExitCode.CheckFailed, $"{what} What a model learns from this, it is asked for in the report. This is a defect of the stages `features` or `split`: report it.");
}
