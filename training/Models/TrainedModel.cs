using Pipeline.Features;
using Pipeline.Kernels.Cpu;
using Pipeline.Stages;

namespace Pipeline.Models;

/// <summary>A stored model, loaded to embed users and items.</summary>
public sealed class TrainedModel : IDisposable
{
    // Rows of a batch: enough to fill the cores, few enough that the activations stay in the cache.
    const int Batch = 64;

    readonly CpuKernels kernels;
    readonly Embedder embedder;

    TrainedModel(CpuKernels kernels, TwoTower model, ModelDescription description)
    {
        this.kernels = kernels;
        Description = description;
        EmbeddingWidth = model.EmbeddingWidth;
        embedder = new Embedder(kernels, model);
    }

    public ModelDescription Description { get; }

    /// <summary>E</summary>
    public int EmbeddingWidth { get; }

    /// <exception cref="PipelineException">The model is missing or damaged.</exception>
    public static TrainedModel Load(InputFolder folder, int threads)
    {
        var description = ModelFile.ReadDescription(folder.Path);
        var options = ModelFile.TowerOptions(folder.Path, description);
        var kernels = new CpuKernels(threads);
        try
        {
            var model = new TwoTower(kernels, options, description.Users, description.Items, replicas: 1, Batch, isTrained: false);
            ModelFile.ReadWeights(folder.Path, kernels, model.Parameters);
            return new TrainedModel(kernels, model, description);
        }
        catch
        {
            kernels.Dispose();
            throw;
        }
    }

    /// <param name="users">Encoded with the features that the model was trained on.</param>
    /// <param name="rows">Which rows of the table.</param>
    /// <returns>[rows, E]</returns>
    public float[] EmbedUsers(EncodedTable users, ReadOnlySpan<int> rows) => embedder.Users(users, rows);

    /// <inheritdoc cref="EmbedUsers"/>
    /// <param name="items">Encoded with the features that the model was trained on.</param>
    public float[] EmbedItems(EncodedTable items, ReadOnlySpan<int> rows) => embedder.Items(items, rows);

    public void Dispose() => kernels.Dispose();
}
