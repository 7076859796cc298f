using System.Runtime.CompilerServices;
using Pipeline.Kernels.Simd;

namespace Pipeline.Kernels;

/// <summary>Mixes each channel with its own past, then SiLU: the causal depthwise convolution in front of a selective scan.</summary>
/// <remarks>
/// <code>
/// a[t,d] = bias[d] + Σ(k = 0 .. min(W - 1, t)) w[W-1-k, d] x[t-k, d]      y = a sigmoid(a)
/// g = dy silu'(a)
/// dx[t,d] = Σ(k = 0 .. min(W - 1, L - 1 - t)) w[W-1-k, d] g[t+k, d]       the same sum, backward in time
/// dw[W-1-k, d] += Σ(t = k .. L - 1) g[t,d] x[t-k,d]      dbias[d] += Σ(t) g[t,d]
/// </code>
/// Source: Gu and Dao 2023, figure 3. Keeps nothing: a is computed again from x, which is kept anyway.
/// Before the first token there is nothing, so a sample of L tokens costs min(W, L) taps, not W.
/// A strip of channels is done for all samples by one thread, so that dw and dbias are summed in the order of the samples.
/// </remarks>
static unsafe class ConvSilu
{
    /// <summary>Floats of scratch that either direction needs.</summary>
    public static long Scratch(int tokens, int width) => ((3L * tokens) + width) * SimdLevel.Width;

    /// <param name="x">[B L, D]</param>
    /// <param name="w">[W, D]</param>
    /// <param name="bias">[1, D]</param>
    /// <param name="y">[B L, D], overwritten.</param>
    public static void Forward(MatrixView x, MatrixView w, MatrixView bias, int tokens, MatrixView y, float* scratch)
    {
        switch (SimdLevel.Width)
        {
            case 16:
                Forward<V512>(x, w, bias, tokens, y, scratch);
                break;
            case 8:
                Forward<V256>(x, w, bias, tokens, y, scratch);
                break;
            default:
                Forward<V128>(x, w, bias, tokens, y, scratch);
                break;
        }
    }

    /// <param name="dx">[B L, D], overwritten.</param>
    /// <param name="dw">[W, D], added to, as is dbias.</param>
    public static void Backward(
        MatrixView dy, MatrixView x, MatrixView w, MatrixView bias, int tokens, MatrixView dx, MatrixView dw, MatrixView dbias, float* scratch)
    {
        switch (SimdLevel.Width)
        {
            case 16:
                Backward<V512>(dy, x, w, bias, tokens, dx, dw, dbias, scratch);
                break;
            case 8:
                Backward<V256>(dy, x, w, bias, tokens, dx, dw, dbias, scratch);
                break;
            default:
                Backward<V128>(dy, x, w, bias, tokens, dx, dw, dbias, scratch);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Forward<T>(MatrixView x, MatrixView w, MatrixView bias, int tokens, MatrixView y, float* scratch)
        where T : struct, IVector<T>
    {
        float* ws = scratch, xs = ws + ((long)w.Rows * T.Width), a = xs + ((long)tokens * T.Width);
        for (var d = 0; d < x.Columns; d += T.Width)
        {
            var lanes = x.Columns - d;
            Strip.Gather<T>(w, d, lanes, ws);
            var start = Lanes.Load<T>(bias.Data + d, lanes);
            for (var row = 0; row < x.Rows; row += tokens)
            {
                Strip.Gather<T>(x.Block(row, tokens), d, lanes, xs);
                Convolve(xs, T.Width, ws, w.Rows, tokens, start, a, T.Width);
                for (var t = 0; t < tokens; t++)
                {
                    Lanes.Store(VectorMath.Silu(T.Load(a + (t * T.Width))), y.Row(row + t) + d, lanes);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Backward<T>(
        MatrixView dy, MatrixView x, MatrixView w, MatrixView bias, int tokens, MatrixView dx, MatrixView dw, MatrixView dbias, float* scratch)
        where T : struct, IVector<T>
    {
        float* ws = scratch, xs = ws + ((long)w.Rows * T.Width), g = xs + ((long)tokens * T.Width), result = g + ((long)tokens * T.Width);
        for (var d = 0; d < x.Columns; d += T.Width)
        {
            var lanes = x.Columns - d;
            Strip.Gather<T>(w, d, lanes, ws);
            var start = Lanes.Load<T>(bias.Data + d, lanes);
            var biasSum = Lanes.Load<T>(dbias.Data + d, lanes);
            for (var row = 0; row < x.Rows; row += tokens)
            {
                Strip.Gather<T>(x.Block(row, tokens), d, lanes, xs);
                Convolve(xs, T.Width, ws, w.Rows, tokens, start, g, T.Width);
                for (var t = 0; t < tokens; t++)
                {
                    var a = T.Load(g + (t * T.Width));
                    var value = Lanes.Load<T>(dy.Row(row + t) + d, lanes) * VectorMath.SiluDerivative(a, VectorMath.Sigmoid(a));
                    T.Store(value, g + (t * T.Width));
                    biasSum += value;
                }

                // Backward in time: from the last token on, with negative strides.
                var last = (tokens - 1) * T.Width;
                Convolve(g + last, -T.Width, ws, w.Rows, tokens, T.Zero, result + last, -T.Width);
                for (var t = 0; t < tokens; t++)
                {
                    Lanes.Store(T.Load(result + (t * T.Width)), dx.Row(row + t) + d, lanes);
                }

                AddWeightGradient<T>(g, xs, tokens, dw, d, lanes);
            }

            Lanes.Store(biasSum, dbias.Data + d, lanes);
        }
    }

    /// <summary>result[t] = start + Σ(k) w[W-1-k] x[t-k] for one strip of one sample; four tokens at a time share each weight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Convolve<T>(float* x, int xStride, float* w, int width, int tokens, T start, float* result, int resultStride)
        where T : struct, IVector<T>
    {
        var lastTap = w + ((width - 1) * T.Width);
        var t = 0;
        for (; t + 4 <= tokens; t += 4)
        {
            T a0 = start, a1 = start, a2 = start, a3 = start;
            var past = x + (t * xStride);
            var tap = lastTap;
            var shared = Math.Min(width, t + 1);
            for (var k = 0; k < shared; k++, past -= xStride, tap -= T.Width)
            {
                var weight = T.Load(tap);
                a0 = T.MultiplyAdd(weight, T.Load(past), a0);
                a1 = T.MultiplyAdd(weight, T.Load(past + xStride), a1);
                a2 = T.MultiplyAdd(weight, T.Load(past + (2 * xStride)), a2);
                a3 = T.MultiplyAdd(weight, T.Load(past + (3 * xStride)), a3);
            }

            // Later tokens reach a few taps further before they run out of past.
            T.Store(a0, result + (t * resultStride));
            T.Store(Continue(x, xStride, lastTap, width, t + 1, shared, a1), result + ((t + 1) * resultStride));
            T.Store(Continue(x, xStride, lastTap, width, t + 2, shared, a2), result + ((t + 2) * resultStride));
            T.Store(Continue(x, xStride, lastTap, width, t + 3, shared, a3), result + ((t + 3) * resultStride));
        }

        for (; t < tokens; t++)
        {
            T.Store(Continue(x, xStride, lastTap, width, t, 0, start), result + (t * resultStride));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T Continue<T>(float* x, int xStride, float* lastTap, int width, int t, int firstTap, T sum)
        where T : struct, IVector<T>
    {
        var taps = Math.Min(width, t + 1);
        for (var k = firstTap; k < taps; k++)
        {
            sum = T.MultiplyAdd(T.Load(lastTap - (k * T.Width)), T.Load(x + ((t - k) * xStride)), sum);
        }

        return sum;
    }

    /// <summary>dw[W-1-k] += Σ(t) g[t] x[t-k] for one strip of one sample; four taps at a time share each g.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void AddWeightGradient<T>(float* g, float* x, int tokens, MatrixView dw, int d, int lanes)
        where T : struct, IVector<T>
    {
        var taps = Math.Min(dw.Rows, tokens);
        var k = 0;
        for (; k + 4 <= taps; k += 4)
        {
            T s0 = T.Zero, s1 = T.Zero, s2 = T.Zero, s3 = T.Zero;
            for (var t = k + 3; t < tokens; t++)
            {
                var value = T.Load(g + (t * T.Width));
                var past = x + ((t - k) * T.Width);
                s0 = T.MultiplyAdd(value, T.Load(past), s0);
                s1 = T.MultiplyAdd(value, T.Load(past - T.Width), s1);
                s2 = T.MultiplyAdd(value, T.Load(past - (2 * T.Width)), s2);
                s3 = T.MultiplyAdd(value, T.Load(past - (3 * T.Width)), s3);
            }

            // The first tokens have a past for the nearer taps only.
            AddTap(g, x, k, k + 3, s0, dw, d, lanes);
            AddTap(g, x, k + 1, k + 3, s1, dw, d, lanes);
            AddTap(g, x, k + 2, k + 3, s2, dw, d, lanes);
            AddTap(g, x, k + 3, k + 3, s3, dw, d, lanes);
        }

        for (; k < taps; k++)
        {
            AddTap(g, x, k, tokens, T.Zero, dw, d, lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AddTap<T>(float* g, float* x, int k, int end, T sum, MatrixView dw, int d, int lanes)
        where T : struct, IVector<T>
    {
        for (var t = k; t < end; t++)
        {
            sum = T.MultiplyAdd(T.Load(g + (t * T.Width)), T.Load(x + ((t - k) * T.Width)), sum);
        }

        var target = dw.Row(dw.Rows - 1 - k) + d;
        Lanes.Store(Lanes.Load<T>(target, lanes) + sum, target, lanes);
    }
}
