using System.Security.Cryptography;
using Pipeline.Features;
using Pipeline.Stages;

namespace Pipeline.Models;

/// <summary>A stored model, loaded to embed users and items.</summary>
public sealed class TrainedModel : IDisposable
{
    readonly TableEmbedder embedder;

    TrainedModel(TableEmbedder embedder, ModelDescription description) => (this.embedder, Description) = (embedder, description);

    public ModelDescription Description { get; }

    /// <summary>E</summary>
    public int EmbeddingWidth => embedder.EmbeddingWidth;

    /// <exception cref="PipelineException">The model is missing or damaged.</exception>
    public static TrainedModel Load(InputFolder folder, int threads)
    {
        CheckBytes(folder);
        var description = ModelFile.ReadDescription(folder.Path);
        var options = ModelFile.TowerOptions(folder.Path, description);
        var embedder = new TableEmbedder(options, description.Users, description.Items, threads);
        try
        {
            ModelFile.ReadWeights(folder.Path, embedder.Kernels, embedder.Parameters);
            return new TrainedModel(embedder, description);
        }
        catch
        {
            embedder.Dispose();
            throw;
        }
    }

    /// <param name="users">Encoded with the features that the model was trained on.</param>
    /// <param name="rows">Which rows of the table.</param>
    /// <returns>[rows, E]</returns>
    public float[] EmbedUsers(EncodedTable users, int[] rows) => embedder.Users(users, rows);

    /// <inheritdoc cref="EmbedUsers"/>
    /// <param name="items">Encoded with the features that the model was trained on.</param>
    public float[] EmbedItems(EncodedTable items, int[] rows) => embedder.Items(items, rows);

    public void Dispose() => embedder.Dispose();

    /// <summary>A flipped bit of a weight is a number like any other, and would make other lists without a word: only the digest tells.</summary>
    internal static void CheckBytes(InputFolder folder)
    {
        foreach (var part in folder.Manifest.Parts.Where(part => ModelFile.IsPart(part.Path)))
        {
            var file = folder.File(part.Path);
            using var stream = File.Exists(file) ? Files.OpenRead(file) : Stream.Null;
            if (Convert.ToHexStringLower(SHA256.HashData(stream)) != part.Sha256)
            {
                throw new PipelineException(ExitCode.InputMissing, $"{file} is missing, or not as it was written: its SHA-256 is not that of its manifest. Train the model again with --force.");
            }
        }
    }
}
