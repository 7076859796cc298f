using System.Runtime.CompilerServices;
using Pipeline.Kernels.Simd;

namespace Pipeline.Kernels;

/// <summary>Normalises each row of a sum, then scales and shifts it.</summary>
/// <remarks>
/// <code>
/// s = x + residual      n[r,c] = (s[r,c] - mean[r]) rstd[r]      y[r,c] = n[r,c] gamma[c] + beta[c]
/// g = dy gamma          ds[r,c] = rstd[r] (g[r,c] - mean(g)[r] - n[r,c] mean(g n)[r])
/// dgamma[c] += Σ over r of dy[r,c] n[r,c]      dbeta[c] += Σ over r of dy[r,c]
/// </code>
/// Source: Ba, Kiros and Hinton 2016, eq. 4. Keeps mean and rstd; s and n are cheaper to compute again. The variance is taken around the mean, in a second
/// pass: the mean of squares minus the square of the mean loses all digits where the mean is large.
/// </remarks>
static unsafe class LayerNorm
{
    /// <summary>Added to the variance, as PyTorch's default.</summary>
    public const float Epsilon = 1e-5f;

    /// <param name="x">[M, C]</param>
    /// <param name="residual">[M, C] or absent.</param>
    /// <param name="gamma">[C]</param>
    /// <param name="beta">[C]</param>
    /// <param name="y">[M, C], overwritten; may be x.</param>
    /// <param name="mean">[M, 1], overwritten; read by backward.</param>
    /// <param name="rstd">[M, 1], overwritten; read by backward.</param>
    public static void Forward(MatrixView x, MatrixView residual, float* gamma, float* beta, MatrixView y, MatrixView mean, MatrixView rstd)
    {
        switch (SimdLevel.Width)
        {
            case 16:
                Forward<V512>(x, residual, gamma, beta, y, mean, rstd);
                break;
            case 8:
                Forward<V256>(x, residual, gamma, beta, y, mean, rstd);
                break;
            default:
                Forward<V128>(x, residual, gamma, beta, y, mean, rstd);
                break;
        }
    }

    /// <param name="dy">[M, C]</param>
    /// <param name="dx">[M, C], overwritten; may be dy. The gradient of x, and as well of the residual.</param>
    /// <param name="dgamma">[C], added to.</param>
    /// <param name="dbeta">[C], added to.</param>
    public static void Backward(
        MatrixView dy, MatrixView x, MatrixView residual, float* gamma, MatrixView mean, MatrixView rstd, MatrixView dx, float* dgamma, float* dbeta)
    {
        switch (SimdLevel.Width)
        {
            case 16:
                Backward<V512>(dy, x, residual, gamma, mean, rstd, dx, dgamma, dbeta);
                break;
            case 8:
                Backward<V256>(dy, x, residual, gamma, mean, rstd, dx, dgamma, dbeta);
                break;
            default:
                Backward<V128>(dy, x, residual, gamma, mean, rstd, dx, dgamma, dbeta);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward<T>(MatrixView x, MatrixView residual, float* gamma, float* beta, MatrixView y, MatrixView mean, MatrixView rstd)
        where T : struct, IVector<T>
    {
        for (var row = 0; row < x.Rows; row++)
        {
            var from = x.Row(row);
            var beside = residual.IsNone ? null : residual.Row(row);
            var to = y.Row(row);

            var sum = T.Zero;
            for (var c = 0; c < x.Columns; c += T.Width)
            {
                sum += Sum<T>(from, beside, c, x.Columns - c);
            }

            var center = T.Sum(sum) / x.Columns;
            var squares = T.Zero;
            for (var c = 0; c < x.Columns; c += T.Width)
            {
                var deviation = Lanes.Keep(Sum<T>(from, beside, c, x.Columns - c) - T.Create(center), x.Columns - c);
                squares = T.MultiplyAdd(deviation, deviation, squares);
            }

            var scale = 1 / MathF.Sqrt((T.Sum(squares) / x.Columns) + Epsilon);
            for (var c = 0; c < x.Columns; c += T.Width)
            {
                var left = x.Columns - c;
                var n = (Sum<T>(from, beside, c, left) - T.Create(center)) * T.Create(scale);
                Lanes.Store(T.MultiplyAdd(n, Lanes.Load<T>(gamma + c, left), Lanes.Load<T>(beta + c, left)), to + c, left);
            }

            *mean.Row(row) = center;
            *rstd.Row(row) = scale;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward<T>(
        MatrixView dy, MatrixView x, MatrixView residual, float* gamma, MatrixView mean, MatrixView rstd, MatrixView dx, float* dgamma, float* dbeta)
        where T : struct, IVector<T>
    {
        for (var row = 0; row < x.Rows; row++)
        {
            var from = x.Row(row);
            var beside = residual.IsNone ? null : residual.Row(row);
            var d = dy.Row(row);
            var to = dx.Row(row);
            var (center, scale) = (T.Create(*mean.Row(row)), T.Create(*rstd.Row(row)));

            // Lanes past the end have d = 0, so both sums are right there.
            var (sumG, sumGn) = (T.Zero, T.Zero);
            for (var c = 0; c < x.Columns; c += T.Width)
            {
                var left = x.Columns - c;
                var g = Lanes.Load<T>(d + c, left) * Lanes.Load<T>(gamma + c, left);
                var n = (Sum<T>(from, beside, c, left) - center) * scale;
                sumG += g;
                sumGn = T.MultiplyAdd(g, n, sumGn);
            }

            var (meanG, meanGn) = (T.Create(T.Sum(sumG) / x.Columns), T.Create(T.Sum(sumGn) / x.Columns));
            for (var c = 0; c < x.Columns; c += T.Width)
            {
                var left = x.Columns - c;
                var dRow = Lanes.Load<T>(d + c, left);
                var g = dRow * Lanes.Load<T>(gamma + c, left);
                var n = (Sum<T>(from, beside, c, left) - center) * scale;
                Lanes.Store(T.MultiplyAdd(dRow, n, Lanes.Load<T>(dgamma + c, left)), dgamma + c, left);
                Lanes.Store(Lanes.Load<T>(dbeta + c, left) + dRow, dbeta + c, left);
                Lanes.Store((g - meanG - (n * meanGn)) * scale, to + c, left);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T Sum<T>(float* x, float* residual, int c, int left)
        where T : struct, IVector<T>
        => residual == null ? Lanes.Load<T>(x + c, left) : Lanes.Load<T>(x + c, left) + Lanes.Load<T>(residual + c, left);
}
