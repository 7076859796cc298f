namespace Pipeline.Kernels;

/// <summary>A view of floats [rows, columns] in native memory, of one replica: what every kernel takes. Columns are adjacent.</summary>
/// <param name="data">Element [0, 0]; null for the absent matrix.</param>
/// <param name="stride">Floats from one row to the next.</param>
readonly unsafe struct MatrixView(float* data, int rows, int columns, int stride)
{
    public readonly float* Data = data;
    public readonly int Rows = rows;
    public readonly int Columns = columns;
    public readonly int Stride = stride;

    public bool IsNone => Data == null;

    public static MatrixView Of(in Tensor tensor, int replica) => tensor.IsNone
        ? default
        : new((float*)tensor.Address + (replica * tensor.ReplicaStride), tensor.Rows, tensor.Columns, tensor.RowStride);

    public float* Row(int row) => Data + ((long)row * Stride);

    /// <summary>Rows start .. start + count, cut at the last row; the absent matrix stays absent.</summary>
    public MatrixView Block(int start, int count) => IsNone ? this : new(Row(start), Math.Min(count, Rows - start), Columns, Stride);

    /// <summary>Columns start .. start + count, cut at the last column; the absent matrix stays absent.</summary>
    public MatrixView Strip(int start, int count) => IsNone ? this : new(Data + start, Rows, Math.Min(count, Columns - start), Stride);
}
