using Pipeline.Kernels;

namespace Pipeline.Models;

/// <summary>One learnt array of a model, in all replicas.</summary>
/// <param name="Name">As in the model file: "user.layers.0.in_proj.weight".</param>
/// <param name="Shape">One or two lengths; a single length is a row.</param>
/// <param name="IsOverwritten">Whether backward overwrites its gradient, which is else added to.</param>
public sealed record Parameter(string Name, IReadOnlyList<int> Shape, Initialiser Initialiser, bool IsOverwritten)
{
    public int Rows => Shape.Count == 1 ? 1 : Shape[0];

    public int Columns => Shape[^1];

    public int Count => Rows * Columns;

    /// <summary>Floats from the start of the block.</summary>
    public int Offset { get; internal set; }

    /// <summary>[R, Rows, Columns]; set when the block is allocated.</summary>
    public Tensor Value { get; internal set; }

    /// <summary>As Value; None in a model that is not trained.</summary>
    public Tensor Gradient { get; internal set; }
}
