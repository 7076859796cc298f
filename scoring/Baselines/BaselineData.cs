using Pipeline.Features;
using Pipeline.Stages;

namespace Pipeline.Scoring.Baselines;

/// <summary>All that a baseline may look at.</summary>
public sealed record BaselineData
{
    /// <summary>By item: how often it was taken in the history, or its positive labels in the training pairs where there is no history.</summary>
    public required int[] Taken { get; init; }

    public required EncodedTable Users { get; init; }

    /// <summary>Only the oracle looks at what is relevant.</summary>
    public required TestUsers Test { get; init; }

    /// <summary>What training may know; null for a dataset that keeps none.</summary>
    public History? History { get; init; }

    /// <summary>The stream of a test user.</summary>
    public required Func<uint, RandomStream> Random { get; init; }

    /// <summary>Counts the positive labels of every item.</summary>
    public static int[] CountLikes(Pairs pairs, int itemCount)
    {
        var likes = new int[itemCount];
        for (var pair = 0; pair < pairs.Count; pair++)
        {
            likes[pairs.Items[pair]] += pairs.Labels[pair] > 0 ? 1 : 0;
        }

        return likes;
    }

    /// <summary>Counts how often every item was taken, by one user several times too.</summary>
    /// <param name="firstDay">Days since 1970-01-01; what was taken before does not count.</param>
    public static int[] CountTaken(History history, int itemCount, int firstDay = int.MinValue)
    {
        var taken = new int[itemCount];
        for (var user = 0; user < history.UserCount; user++)
        {
            var items = history.Items(user);
            var days = history.Days(user);
            for (var i = 0; i < items.Length; i++)
            {
                taken[items[i]] += days[i] >= firstDay ? 1 : 0;
            }
        }

        return taken;
    }
}
