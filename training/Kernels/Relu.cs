using System.Runtime.CompilerServices;
using Pipeline.Kernels.Simd;

namespace Pipeline.Kernels;

/// <summary>The larger of a number and 0. Forward is part of the product before it (<see cref="Product.IsRelu"/>).</summary>
/// <remarks>
/// <code>y = max(x, 0)      dx = y > 0 ? dy : 0</code>
/// Keeps y, which tells the sign of x. NaN passes forward, so that a model that has diverged shows it.
/// </remarks>
static unsafe class Relu
{
    /// <param name="y">[M, N]</param>
    /// <param name="dy">[M, N], overwritten with dx.</param>
    public static void Backward(MatrixView y, MatrixView dy)
    {
        switch (SimdLevel.Width)
        {
            case 16:
                Backward<V512>(y, dy);
                break;
            case 8:
                Backward<V256>(y, dy);
                break;
            default:
                Backward<V128>(y, dy);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward<T>(MatrixView y, MatrixView dy)
        where T : struct, IVector<T>
    {
        for (var row = 0; row < y.Rows; row++)
        {
            var from = y.Row(row);
            var to = dy.Row(row);
            for (var c = 0; c < y.Columns; c += T.Width)
            {
                var left = y.Columns - c;
                Lanes.Store(T.IfPositive(Lanes.Load<T>(from + c, left), Lanes.Load<T>(to + c, left), T.Zero), to + c, left);
            }
        }
    }
}
