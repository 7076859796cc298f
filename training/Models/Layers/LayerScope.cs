using Pipeline.Kernels;

namespace Pipeline.Models.Layers;

/// <summary>What a layer is built from: the device, where its parameters go, and memory for what it keeps.</summary>
/// <param name="MaxBatch">The most samples that a call will bring.</param>
/// <param name="Tokens">L, of every sample.</param>
/// <param name="Prefix">Put before the names of parameters: "user.layers.0.".</param>
public sealed record LayerScope(IKernels Kernels, ParameterBlock Parameters, int Replicas, int MaxBatch, int Tokens, string Prefix)
{
    readonly Dictionary<string, Tensor> shared = new(StringComparer.Ordinal);

    /// <summary>False for a model that only scores: what layers share is for backward, and is then a shape without memory.</summary>
    public bool IsTrained { get; init; } = true;

    /// <param name="isOverwritten">Whether backward overwrites the gradient: where it is one product's, it need be neither cleared nor read.</param>
    public Parameter Parameter(string name, IReadOnlyList<int> shape, Initialiser initialiser, bool isOverwritten = false) =>
        Parameters.Add(Prefix + name, shape, initialiser, isOverwritten);

    /// <summary>Memory for what a layer keeps from forward to backward.</summary>
    public Tensor Keep(int rowsPerSample, int columns) => Kernels.Allocate(Replicas, MaxBatch * rowsPerSample, columns);

    /// <summary>Memory that all layers of a tower use in turn, under one name: what lives within one call of backward.</summary>
    public Tensor Share(string name, int rowsPerSample, int columns)
    {
        if (!shared.TryGetValue(name, out var tensor))
        {
            tensor = shared[name] = IsTrained ? Keep(rowsPerSample, columns) : new Tensor(0, Replicas, MaxBatch * rowsPerSample, columns, columns, 0);
        }

        return tensor.Rows == MaxBatch * rowsPerSample && tensor.Columns == columns
            ? tensor
            : throw new ArgumentException($"'{name}' is shared as [{tensor.Rows}, {tensor.Columns}], not as [{MaxBatch * rowsPerSample}, {columns}].");
    }

    /// <summary>The same memory and device, with parameters named below this.</summary>
    public LayerScope Below(string name) => this with { Prefix = $"{Prefix}{name}." };
}
