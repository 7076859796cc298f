namespace Pipeline.Kernels;

/// <summary>
/// A view of floats, [replicas, rows, columns], in the memory of the device that allocated it. Columns are adjacent; rows and
/// replicas may lie apart, so that a slice of columns, every n-th row or one parameter of a block is a view and not a copy.
/// </summary>
/// <param name="Address">Of element [0, 0, 0]; 0 for <see cref="None"/>.</param>
/// <param name="RowStride">Floats from one row to the next.</param>
/// <param name="ReplicaStride">Floats from one replica to the next.</param>
public readonly record struct Tensor(nint Address, int Replicas, int Rows, int Columns, int RowStride, long ReplicaStride)
{
    /// <summary>The absent tensor: a bias that a layer does not have.</summary>
    public static Tensor None => default;

    public bool IsNone => Address == 0;

    public Tensor Replica(int replica)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)replica, (uint)Replicas);
        return this with { Address = Offset(replica * ReplicaStride), Replicas = 1 };
    }

    public Tensor SliceRows(int start, int count)
    {
        Check(start, count, Rows);
        return this with { Address = Offset((long)start * RowStride), Rows = count };
    }

    public Tensor SliceColumns(int start, int count)
    {
        Check(start, count, Columns);
        return this with { Address = Offset(start), Columns = count };
    }

    /// <summary>Rows step - 1, 2 step - 1, ...: the last token of each sample, if a sample has step tokens.</summary>
    public Tensor LastOfEvery(int step)
    {
        if (Rows % step != 0)
        {
            throw new ArgumentException($"{Rows} rows are no multiple of {step}.", nameof(step));
        }

        return this with { Address = Offset((long)(step - 1) * RowStride), Rows = Rows / step, RowStride = RowStride * step };
    }

    /// <summary>The same floats, cut into rows of another width. Rows must be adjacent; a single row always is.</summary>
    public Tensor Reshape(int rows, int columns)
    {
        if ((Rows > 1 && RowStride != Columns) || (long)rows * columns != (long)Rows * Columns)
        {
            throw new ArgumentException($"[{Rows}, {Columns}] with row stride {RowStride} cannot be seen as [{rows}, {columns}].");
        }

        return this with { Rows = rows, Columns = columns, RowStride = columns };
    }

    nint Offset(long floats) => Address + (nint)(floats * sizeof(float));

    static void Check(int start, int count, int limit)
    {
        if (start < 0 || count < 0 || start > limit - count)
        {
            throw new ArgumentOutOfRangeException(nameof(start), $"{start} .. {start + count} is not within 0 .. {limit}.");
        }
    }
}

/// <summary>Whole numbers [replicas, rows, columns], adjacent, in the memory of the device that allocated them.</summary>
public readonly record struct IndexTensor(nint Address, int Replicas, int Rows, int Columns)
{
    public static IndexTensor None => default;

    public bool IsNone => Address == 0;

    public IndexTensor Replica(int replica)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)replica, (uint)Replicas);
        return this with { Address = Address + (nint)((long)replica * Rows * Columns * sizeof(int)), Replicas = 1 };
    }
}
