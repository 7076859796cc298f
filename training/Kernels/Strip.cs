using System.Runtime.CompilerServices;
using Pipeline.Kernels.Simd;

namespace Pipeline.Kernels;

/// <summary>Columns of a matrix that one vector holds; the last strip of a matrix may have fewer lanes, the others are then 0.</summary>
static unsafe class Strip
{
    /// <summary>Columns rounded up to whole vectors.</summary>
    public static int Padded<T>(int columns)
        where T : struct, IVector<T> => (columns + T.Width - 1) / T.Width * T.Width;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load<T>(float* source, int lanes)
        where T : struct, IVector<T> => lanes >= T.Width ? T.Load(source) : T.LoadPartial(source, lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(T value, float* target, int lanes)
        where T : struct, IVector<T>
    {
        if (lanes >= T.Width)
        {
            T.Store(value, target);
        }
        else
        {
            T.StorePartial(value, target, lanes);
        }
    }

    /// <summary>Copies a strip to adjacent vectors: no partial vector, and no rows that fall into the same few sets of the cache.</summary>
    /// <param name="target">[rows, Width], overwritten.</param>
    public static void Gather<T>(MatrixView source, int column, int lanes, float* target)
        where T : struct, IVector<T>
    {
        for (var row = 0; row < source.Rows; row++)
        {
            T.Store(Load<T>(source.Row(row) + column, lanes), target + (row * T.Width));
        }
    }
}
