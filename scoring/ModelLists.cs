using Pipeline.Features;
using Pipeline.Models;
using Pipeline.Stages;

namespace Pipeline.Scoring;

/// <summary>From a stored model to lists.</summary>
static class ModelLists
{
    /// <param name="rows">The users' rows to make a list for.</param>
    /// <returns>A list per row.</returns>
    public static TopLists Of(InputFolder folder, EncodedTable users, int[] rows, EncodedTable items, int length, int threads)
    {
        using var model = TrainedModel.Load(folder, threads);
        var embeddedUsers = model.EmbedUsers(users, rows);
        var embeddedItems = model.EmbedItems(items, [.. Enumerable.Range(0, items.Count)]);
        return TopLists.Of(embeddedUsers, embeddedItems, model.EmbeddingWidth, length, threads);
    }
}
