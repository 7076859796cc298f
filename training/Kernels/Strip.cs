using Pipeline.Kernels.Simd;

namespace Pipeline.Kernels;

/// <summary>Columns of a matrix that one vector holds; the last strip of a matrix may have fewer, then the other lanes are 0.</summary>
static unsafe class Strip
{
    /// <summary>Columns rounded up to whole vectors of the width in use.</summary>
    public static int Padded(int columns) => (columns + SimdLevel.Width - 1) / SimdLevel.Width * SimdLevel.Width;

    /// <summary>Columns rounded up to whole vectors.</summary>
    public static int Padded<T>(int columns)
        where T : struct, IVector<T> => (columns + T.Width - 1) / T.Width * T.Width;

    /// <summary>Copies a strip to adjacent vectors: no partial vector, and no rows that fall into the same few sets of the cache.</summary>
    /// <param name="lanes">How many columns the strip has; more than a vector has counts as a vector.</param>
    /// <param name="target">[rows, Width], overwritten.</param>
    public static void Gather<T>(MatrixView source, int column, int lanes, float* target)
        where T : struct, IVector<T>
    {
        for (var row = 0; row < source.Rows; row++)
        {
            T.Store(Lanes.Load<T>(source.Row(row) + column, lanes), target + (row * T.Width));
        }
    }
}
