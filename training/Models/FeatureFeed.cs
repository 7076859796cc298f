using Pipeline.Features;
using Pipeline.Kernels;

namespace Pipeline.Models;

/// <summary>Carries the features of a batch to the device: which rows of a table, for each replica.</summary>
public sealed class FeatureFeed
{
    readonly IKernels kernels;
    readonly FeatureSpec features;
    readonly float[] numericRows;
    readonly int[] categoryRows, firstRow;

    public FeatureFeed(IKernels kernels, FeatureSpec features, int replicas, int batch)
    {
        Batch = batch;
        this.kernels = kernels;
        this.features = features;
        int j = features.Numeric.Count, q = features.Categories.Count;
        Numeric = j == 0 ? Tensor.None : kernels.Allocate(replicas, batch, j);
        Categories = q == 0 ? IndexTensor.None : kernels.AllocateIndices(replicas, batch, q);
        numericRows = new float[batch * j];
        categoryRows = new int[batch * q];

        // All lookup tables lie in one: feature k's rows follow those of the features before it.
        firstRow = new int[q];
        for (var k = 1; k < q; k++)
        {
            firstRow[k] = firstRow[k - 1] + features.Categories[k - 1].Cardinality;
        }
    }

    /// <summary>B: rows of a batch.</summary>
    public int Batch { get; }

    /// <summary>[R, B, J], or None.</summary>
    public Tensor Numeric { get; }

    /// <summary>[R, B, Q] as rows of the tokenizer's table, or None.</summary>
    public IndexTensor Categories { get; }

    /// <param name="replica">The replica that trains on these rows.</param>
    /// <param name="table">Encoded with the same features.</param>
    /// <param name="rows">B rows of the table.</param>
    public void Load(int replica, EncodedTable table, ReadOnlySpan<int> rows)
    {
        int j = features.Numeric.Count, q = features.Categories.Count;
        for (var b = 0; b < rows.Length; b++)
        {
            table.Numeric.AsSpan(rows[b] * j, j).CopyTo(numericRows.AsSpan(b * j));
            for (var k = 0; k < q; k++)
            {
                categoryRows[b * q + k] = firstRow[k] + table.Categories[rows[b] * q + k];
            }
        }

        if (j > 0)
        {
            kernels.Write(numericRows, Numeric.Replica(replica));
        }

        if (q > 0)
        {
            kernels.Write(categoryRows, Categories.Replica(replica));
        }
    }
}
