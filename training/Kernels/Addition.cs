using System.Runtime.CompilerServices;
using Pipeline.Kernels.Simd;

namespace Pipeline.Kernels;

/// <summary>Adds one matrix to another: where gradients meet, and partial sums.</summary>
/// <remarks><code>y[r,c] += x[r,c]</code></remarks>
static unsafe class Addition
{
    /// <param name="x">[M, C]</param>
    /// <param name="y">[M, C], added to.</param>
    public static void Forward(MatrixView x, MatrixView y)
    {
        switch (SimdLevel.Width)
        {
            case 16:
                Forward<V512>(x, y);
                break;
            case 8:
                Forward<V256>(x, y);
                break;
            default:
                Forward<V128>(x, y);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward<T>(MatrixView x, MatrixView y)
        where T : struct, IVector<T>
    {
        for (var row = 0; row < x.Rows; row++)
        {
            var from = x.Row(row);
            var to = y.Row(row);
            for (var c = 0; c < x.Columns; c += T.Width)
            {
                var left = x.Columns - c;
                Lanes.Store(Lanes.Load<T>(to + c, left) + Lanes.Load<T>(from + c, left), to + c, left);
            }
        }
    }
}
