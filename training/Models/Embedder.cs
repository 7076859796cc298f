using Pipeline.Features;
using Pipeline.Kernels;

namespace Pipeline.Models;

/// <summary>Embeds rows of a table with one tower, batch by batch.</summary>
public sealed class Embedder(IKernels kernels, TwoTower model)
{
    readonly int[] batch = new int[model.Batch];

    /// <param name="table">The table of users.</param>
    /// <param name="rows">Which rows; repeats are embedded again.</param>
    /// <param name="replica">Whose weights.</param>
    /// <returns>[rows, E]</returns>
    public float[] Users(EncodedTable table, ReadOnlySpan<int> rows, int replica = 0) => Embed(model.Users, model.EmbedUsers, table, rows, replica);

    /// <inheritdoc cref="Users"/>
    public float[] Items(EncodedTable table, ReadOnlySpan<int> rows, int replica = 0) => Embed(model.Items, model.EmbedItems, table, rows, replica);

    float[] Embed(FeatureFeed feed, Func<Tensor> forward, EncodedTable table, ReadOnlySpan<int> rows, int replica)
    {
        var width = model.EmbeddingWidth;
        var embeddings = new float[rows.Length * width];
        for (var start = 0; start < rows.Length; start += model.Batch)
        {
            // A batch is always full, so that no shape changes: what is missing at the end repeats a row and is dropped.
            var count = Math.Min(model.Batch, rows.Length - start);
            batch.AsSpan().Fill(rows[start]);
            rows.Slice(start, count).CopyTo(batch);
            feed.Load(replica, table, batch);
            kernels.Read(forward().Replica(replica).SliceRows(0, count), embeddings.AsSpan(start * width, count * width));
        }

        return embeddings;
    }
}
