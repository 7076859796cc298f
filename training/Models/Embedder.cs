using Pipeline.Features;
using Pipeline.Kernels;

namespace Pipeline.Models;

/// <summary>Embeds rows of a table with one tower, batch by batch.</summary>
public sealed class Embedder(IKernels kernels, TwoTower model)
{
    readonly int[] largest = new int[Math.Max(model.Users.Batch, model.Items.Batch)];

    /// <param name="table">The table of users.</param>
    /// <param name="rows">Which rows; repeats are embedded again.</param>
    /// <param name="replica">Whose weights.</param>
    /// <returns>[rows, E]</returns>
    public float[] Users(EncodedTable table, ReadOnlySpan<int> rows, int replica = 0)
    {
        var embeddings = new float[rows.Length * model.EmbeddingWidth];
        Users(table, rows, embeddings, replica);
        return embeddings;
    }

    /// <inheritdoc cref="Users(EncodedTable, ReadOnlySpan{int}, int)"/>
    public float[] Items(EncodedTable table, ReadOnlySpan<int> rows, int replica = 0)
    {
        var embeddings = new float[rows.Length * model.EmbeddingWidth];
        Items(table, rows, embeddings, replica);
        return embeddings;
    }

    /// <param name="table">The table of users.</param>
    /// <param name="rows">Which rows; repeats are embedded again.</param>
    /// <param name="embeddings">[rows, E], overwritten.</param>
    /// <param name="replica">Whose weights.</param>
    public void Users(EncodedTable table, ReadOnlySpan<int> rows, Span<float> embeddings, int replica = 0) =>
        Embed(model.Users, isUser: true, table, rows, embeddings, replica);

    /// <inheritdoc cref="Users(EncodedTable, ReadOnlySpan{int}, Span{float}, int)"/>
    public void Items(EncodedTable table, ReadOnlySpan<int> rows, Span<float> embeddings, int replica = 0) =>
        Embed(model.Items, isUser: false, table, rows, embeddings, replica);

    void Embed(FeatureFeed feed, bool isUser, EncodedTable table, ReadOnlySpan<int> rows, Span<float> embeddings, int replica)
    {
        var width = model.EmbeddingWidth;
        var batch = largest.AsSpan(0, feed.Batch);
        for (var start = 0; start < rows.Length; start += batch.Length)
        {
            // A batch is always full, so that no shape changes: what is missing at the end repeats a row and is dropped.
            var count = Math.Min(batch.Length, rows.Length - start);
            batch.Fill(rows[start]);
            rows.Slice(start, count).CopyTo(batch);
            feed.Load(replica, table, batch);
            var result = isUser ? model.EmbedUsers() : model.EmbedItems();
            kernels.Read(result.Replica(replica).SliceRows(0, count), embeddings.Slice(start * width, count * width));
        }
    }
}
