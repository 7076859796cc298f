using Pipeline.Features;
using Pipeline.Kernels.Cpu;
using Pipeline.Models.Towers;

namespace Pipeline.Models;

/// <summary>Embeds whole tables with a model that is not trained any more, on all cores.</summary>
/// <remarks>
/// A lane is a core's own copy of the layers' memory; the weights are common. Lanes take batches as they come, so none waits for another
/// within a batch. What a row becomes depends neither on its batch nor on its lane: the bytes are the same for any number of threads.
/// </remarks>
public sealed class TableEmbedder : IDisposable
{
    // Tokens of a lane's batch: enough rows for fast products, few enough that a layer's activations stay near the core.
    const int BatchTokens = 384;

    readonly List<Lane> lanes = [];

    /// <param name="threads">Lanes, at least 1.</param>
    public TableEmbedder(ITowerOptions options, FeatureSpec users, FeatureSpec items, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        var batch = Math.Max(1, BatchTokens / users.Tokens);
        for (var lane = 0; lane < threads; lane++)
        {
            var kernels = new CpuKernels(1);
            var weights = lane == 0 ? null : Parameters;
            lanes.Add(new Lane(kernels, new TwoTower(kernels, options, users, items, replicas: 1, batch, isTrained: false, weights)));
        }
    }

    /// <summary>The device that the weights are written through.</summary>
    public CpuKernels Kernels => lanes[0].Kernels;

    /// <summary>The weights of all lanes.</summary>
    public ParameterBlock Parameters => lanes[0].Model.Parameters;

    /// <summary>E</summary>
    public int EmbeddingWidth => lanes[0].Model.EmbeddingWidth;

    /// <param name="users">Encoded with the features of the user tower.</param>
    /// <param name="rows">Which rows of the table; repeats are embedded again.</param>
    /// <returns>[rows, E]</returns>
    public float[] Users(EncodedTable users, int[] rows) =>
        Embed(rows, (lane, start, count, target) => lane.Embedder.Users(users, rows.AsSpan(start, count), target.Span));

    /// <inheritdoc cref="Users"/>
    /// <param name="items">Encoded with the features of the item tower.</param>
    public float[] Items(EncodedTable items, int[] rows) =>
        Embed(rows, (lane, start, count, target) => lane.Embedder.Items(items, rows.AsSpan(start, count), target.Span));

    public void Dispose()
    {
        // The first owns the weights.
        for (var lane = lanes.Count - 1; lane >= 0; lane--)
        {
            lanes[lane].Kernels.Dispose();
        }
    }

    float[] Embed(int[] rows, Action<Lane, int, int, Memory<float>> embed)
    {
        var embeddings = new float[rows.Length * EmbeddingWidth];
        var size = lanes[0].Model.Batch;
        var batches = (rows.Length + size - 1) / size;
        var next = -1;
        Parallel.For(0, lanes.Count, new ParallelOptions { MaxDegreeOfParallelism = lanes.Count }, lane =>
        {
            for (var batch = Interlocked.Increment(ref next); batch < batches; batch = Interlocked.Increment(ref next))
            {
                var start = batch * size;
                var count = Math.Min(size, rows.Length - start);
                embed(lanes[lane], start, count, embeddings.AsMemory(start * EmbeddingWidth, count * EmbeddingWidth));
            }
        });
        return embeddings;
    }

    sealed class Lane(CpuKernels kernels, TwoTower model)
    {
        public CpuKernels Kernels => kernels;

        public TwoTower Model => model;

        public Embedder Embedder { get; } = new(kernels, model);
    }
}
