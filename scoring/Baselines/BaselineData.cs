using Pipeline.Stages;

namespace Pipeline.Scoring.Baselines;

/// <summary>All that a baseline may look at.</summary>
/// <param name="Likes">By item: its positive labels in the training pairs.</param>
/// <param name="Relevant">By test user: the items that user likes, ascending. Only the oracle looks.</param>
/// <param name="Random">The stream of a test user.</param>
public sealed record BaselineData(int[] Likes, int[][] Relevant, Func<uint, RandomStream> Random)
{
    /// <summary>Counts the positive labels of every item.</summary>
    /// <param name="items">By pair: the item.</param>
    /// <param name="labels">By pair: 1 for liked; anything else does not count.</param>
    public static int[] CountLikes(ReadOnlySpan<int> items, ReadOnlySpan<int> labels, int itemCount)
    {
        var likes = new int[itemCount];
        for (var pair = 0; pair < items.Length; pair++)
        {
            likes[items[pair]] += labels[pair] > 0 ? 1 : 0;
        }

        return likes;
    }
}
