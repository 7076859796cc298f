using Pipeline.Features;
using Pipeline.Models;
using Pipeline.Stages;

namespace Pipeline.Scoring;

/// <summary>From a stored model to lists. The items are embedded once, for any number of users.</summary>
sealed class ModelLists : IDisposable
{
    readonly TrainedModel model;
    readonly float[] items;

    public ModelLists(InputFolder folder, EncodedTable items, int threads)
    {
        model = TrainedModel.Load(folder, threads);
        this.items = model.EmbedItems(items, [.. Enumerable.Range(0, items.Count)]);
    }

    /// <param name="rows">The users' rows to make a list for.</param>
    /// <returns>A list per row.</returns>
    public static TopLists Of(InputFolder folder, EncodedTable users, int[] rows, EncodedTable items, int length, int threads)
    {
        using var lists = new ModelLists(folder, items, threads);
        return lists.Of(users, rows, length, threads);
    }

    /// <inheritdoc cref="Of(InputFolder, EncodedTable, int[], EncodedTable, int, int)"/>
    public TopLists Of(EncodedTable users, int[] rows, int length, int threads) =>
        TopLists.Of(model.EmbedUsers(users, rows), items, model.EmbeddingWidth, length, threads);

    public void Dispose() => model.Dispose();
}
