using System.Runtime.CompilerServices;
using Pipeline.Kernels.Simd;

namespace Pipeline.Kernels;

/// <summary>A product with a matrix of weights.</summary>
/// <remarks>
/// <code>y = activation(x wᵀ + bias)      dx = dy w      dw = dyᵀ x      dbias[n] = Σ over rows of dy[m,n]</code>
/// Keeps nothing but x and, for the ReLU, y. Each part is a <see cref="Product"/>, whose tiles <see cref="Gemm"/> makes.
/// </remarks>
static unsafe class Linear
{
    /// <param name="x">[M, K]</param>
    /// <param name="w">[N, K]</param>
    /// <param name="bias">[N] or null.</param>
    /// <param name="y">[M, N], overwritten.</param>
    public static Product Forward(MatrixView x, MatrixView w, float* bias, Activation activation, MatrixView y) =>
        new() { A = x, B = w, IsBTransposed = true, Bias = bias, IsRelu = activation == Activation.Relu, Result = y };

    /// <param name="dy">[M, N]</param>
    /// <param name="w">[N, K]</param>
    /// <param name="dx">[M, K], overwritten or added to.</param>
    public static Product BackwardInput(MatrixView dy, MatrixView w, MatrixView dx, bool add) =>
        new() { A = dy, B = w, Adds = add, Result = dx };

    /// <param name="dy">[M, N]</param>
    /// <param name="x">[M, K]</param>
    /// <param name="dw">[N, K], overwritten or added to.</param>
    public static Product BackwardWeight(MatrixView dy, MatrixView x, MatrixView dw, bool add) =>
        new() { A = dy, IsATransposed = true, B = x, Adds = add, Result = dw };

    /// <param name="dy">[M, N]; a strip of columns is as good.</param>
    /// <param name="dbias">[N], overwritten or added to.</param>
    public static void BackwardBias(MatrixView dy, float* dbias, bool add)
    {
        switch (SimdLevel.Width)
        {
            case 16:
                BackwardBias<V512>(dy, dbias, add);
                break;
            case 8:
                BackwardBias<V256>(dy, dbias, add);
                break;
            default:
                BackwardBias<V128>(dy, dbias, add);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void BackwardBias<T>(MatrixView dy, float* dbias, bool add)
        where T : struct, IVector<T>
    {
        var c = 0;
        for (; c + (4 * T.Width) <= dy.Columns; c += 4 * T.Width)
        {
            // Four sums at once: one alone would wait for itself.
            var target = dbias + c;
            var (sum0, sum1, sum2, sum3) = add
                ? (T.Load(target), T.Load(target + T.Width), T.Load(target + (2 * T.Width)), T.Load(target + (3 * T.Width)))
                : (T.Zero, T.Zero, T.Zero, T.Zero);
            for (var row = 0; row < dy.Rows; row++)
            {
                var d = dy.Row(row) + c;
                sum0 += T.Load(d);
                sum1 += T.Load(d + T.Width);
                sum2 += T.Load(d + (2 * T.Width));
                sum3 += T.Load(d + (3 * T.Width));
            }

            T.Store(sum0, target);
            T.Store(sum1, target + T.Width);
            T.Store(sum2, target + (2 * T.Width));
            T.Store(sum3, target + (3 * T.Width));
        }

        for (; c < dy.Columns; c += T.Width)
        {
            var left = dy.Columns - c;
            var sum = add ? Lanes.Load<T>(dbias + c, left) : T.Zero;
            for (var row = 0; row < dy.Rows; row++)
            {
                sum += Lanes.Load<T>(dy.Row(row) + c, left);
            }

            Lanes.Store(sum, dbias + c, left);
        }
    }
}
