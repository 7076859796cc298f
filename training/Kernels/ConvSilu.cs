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
/// Before the first token there is nothing, so a sample of L tokens costs min(W, L) taps, not W, rounded up to whole groups.
/// A strip of channels is done for all samples by one thread, so that dw and dbias are summed in the order of the samples.
/// A sample is worked on in a copy: its rows lie close together, in whole vectors, with rows of zeros where a group reaches past the sample.
/// </remarks>
static unsafe class ConvSilu
{
    /// <summary>Tokens, or taps, whose sums run together in registers.</summary>
    const int Group = 4;

    /// <summary>Rows before and after a sample that a group may touch.</summary>
    const int Margin = Group - 1;

    /// <summary>Floats of scratch that either direction needs.</summary>
    public static long Scratch(int tokens, int width, int channels) =>
        (SumRows(tokens, width) + Math.Min(tokens, width) + 2 + (3L * (tokens + (2 * Margin)))) * Strip.Padded(channels);

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

    /// <summary>Of dw as far as its taps see a token, in whole groups; and of dbias.</summary>
    static int SumRows(int tokens, int width) => ((Math.Min(tokens, width) + Margin) / Group * Group) + 1;

    static void Forward<T>(MatrixView x, MatrixView w, MatrixView bias, int tokens, MatrixView y, float* scratch)
        where T : struct, IVector<T>
    {
        var work = new Work(scratch, tokens, w.Rows, Strip.Padded<T>(x.Columns));
        Prepare<T>(w, bias, work);
        for (var row = 0; row < x.Rows; row += tokens)
        {
            Copy<T>(x.Block(row, tokens), new(work.X, tokens, work.Stride, work.Stride));
            Convolve<T>(work, work.X, work.Stride, work.Bias, work.Sum);
            Activate<T>(work, y.Block(row, tokens));
        }
    }

    static void Backward<T>(
        MatrixView dy, MatrixView x, MatrixView w, MatrixView bias, int tokens, MatrixView dx, MatrixView dw, MatrixView dbias, float* scratch)
        where T : struct, IVector<T>
    {
        var work = new Work(scratch, tokens, w.Rows, Strip.Padded<T>(x.Columns));
        Prepare<T>(w, bias, work);
        var sums = new MatrixView(work.Tap(work.Taps), SumRows(tokens, w.Rows), x.Columns, work.Stride);
        new Span<float>(sums.Data, sums.Rows * sums.Stride).Clear();
        var last = (long)(tokens - 1) * work.Stride;
        for (var row = 0; row < x.Rows; row += tokens)
        {
            Copy<T>(x.Block(row, tokens), new(work.X, tokens, work.Stride, work.Stride));
            Convolve<T>(work, work.X, work.Stride, work.Bias, work.Sum);
            Differentiate<T>(dy.Block(row, tokens), work, sums.Row(sums.Rows - 1));
            AddWeightGradient<T>(work, sums);

            // Backward in time: from the last token on, with a negative stride.
            Convolve<T>(work, work.G + last, -work.Stride, work.Zero, work.Sum + last);
            Copy<T>(new(work.Sum, tokens, x.Columns, work.Stride), dx.Block(row, tokens));
        }

        for (var k = 0; k < work.Taps; k++)
        {
            Addition.Forward<T>(sums.Block(k, 1), dw.Block(dw.Rows - 1 - k, 1));
        }

        Addition.Forward<T>(sums.Block(sums.Rows - 1, 1), dbias);
    }

    /// <summary>The taps that see a token, w's last row first, then the bias; and zeros around where a sample lies.</summary>
    static void Prepare<T>(MatrixView w, MatrixView bias, in Work work)
        where T : struct, IVector<T>
    {
        for (var k = 0; k < work.Taps; k++)
        {
            Copy<T>(w.Block(w.Rows - 1 - k, 1), new(work.Tap(k), 1, work.Stride, work.Stride));
        }

        Copy<T>(bias, new(work.Bias, 1, work.Stride, work.Stride));
        var margin = Margin * work.Stride;
        new Span<float>(work.Zero, work.Stride).Clear();
        new Span<float>(work.X - margin, margin).Clear();
        new Span<float>(work.G + (work.Tokens * work.Stride), margin).Clear();
    }

    /// <summary>Lanes past the last column are 0 where the target has room for them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Copy<T>(MatrixView source, MatrixView target)
        where T : struct, IVector<T>
    {
        for (var row = 0; row < source.Rows; row++)
        {
            float* from = source.Row(row), to = target.Row(row);
            for (var d = 0; d < source.Columns; d += T.Width)
            {
                Lanes.Store(Lanes.Load<T>(from + d, source.Columns - d), to + d, target.Columns - d);
            }
        }
    }

    /// <summary>result[t] = start + Σ(k) w[W-1-k] x[t-k]; some tokens at a time share each weight.</summary>
    /// <param name="start">[stride]</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Convolve<T>(in Work memory, float* x, int stride, float* start, float* result)
        where T : struct, IVector<T>
    {
        var work = memory;
        for (var t = 0; t < work.Tokens; t += Group)
        {
            var taps = Math.Min(work.Taps, t + Group);
            long offset = (long)t * stride;
            for (var d = 0; d < work.Stride; d += T.Width)
            {
                T a0 = T.Load(start + d), a1 = a0, a2 = a0, a3 = a0;
                var past = x + offset + d;
                var tap = work.Tap(0) + d;
                for (var k = 0; k < taps; k++, past -= stride, tap += work.Stride)
                {
                    var weight = T.Load(tap);
                    a0 = T.MultiplyAdd(weight, T.Load(past), a0);
                    a1 = T.MultiplyAdd(weight, T.Load(past + stride), a1);
                    a2 = T.MultiplyAdd(weight, T.Load(past + (2 * stride)), a2);
                    a3 = T.MultiplyAdd(weight, T.Load(past + (3 * stride)), a3);
                }

                var target = result + offset + d;
                T.Store(a0, target);
                T.Store(a1, target + stride);
                T.Store(a2, target + (2 * stride));
                T.Store(a3, target + (3 * stride));
            }
        }
    }

    /// <summary>y = silu(a)</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Activate<T>(in Work work, MatrixView y)
        where T : struct, IVector<T>
    {
        var a = work.Sum;
        for (var t = 0; t < y.Rows; t++, a += work.Stride)
        {
            var target = y.Row(t);
            for (var d = 0; d < y.Columns; d += T.Width)
            {
                Lanes.Store(VectorMath.Silu(T.Load(a + d)), target + d, y.Columns - d);
            }
        }
    }

    /// <summary>g = dy silu'(a), and its sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Differentiate<T>(MatrixView dy, in Work work, float* sum)
        where T : struct, IVector<T>
    {
        float* a = work.Sum, g = work.G;
        for (var t = 0; t < dy.Rows; t++, a += work.Stride, g += work.Stride)
        {
            var source = dy.Row(t);
            for (var d = 0; d < dy.Columns; d += T.Width)
            {
                var x = T.Load(a + d);
                var value = Lanes.Load<T>(source + d, dy.Columns - d) * VectorMath.SiluDerivative(x, VectorMath.Sigmoid(x));
                T.Store(value, g + d);
                T.Store(T.Load(sum + d) + value, sum + d);
            }
        }
    }

    /// <summary>sums[k] += Σ(t) x[t] g[t+k]; some taps at a time share each x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void AddWeightGradient<T>(in Work memory, MatrixView sums)
        where T : struct, IVector<T>
    {
        var work = memory;
        var stride = work.Stride;
        for (var k = 0; k < work.Taps; k += Group)
        {
            var target = sums.Row(k);
            for (var d = 0; d < stride; d += T.Width, target += T.Width)
            {
                T s0 = T.Load(target), s1 = T.Load(target + stride), s2 = T.Load(target + (2 * stride)), s3 = T.Load(target + (3 * stride));
                float* x = work.X + d, g = work.G + (k * stride) + d;
                for (var t = k; t < work.Tokens; t++, x += stride, g += stride)
                {
                    var value = T.Load(x);
                    s0 = T.MultiplyAdd(value, T.Load(g), s0);
                    s1 = T.MultiplyAdd(value, T.Load(g + stride), s1);
                    s2 = T.MultiplyAdd(value, T.Load(g + (2 * stride)), s2);
                    s3 = T.MultiplyAdd(value, T.Load(g + (3 * stride)), s3);
                }

                T.Store(s0, target);
                T.Store(s1, target + stride);
                T.Store(s2, target + (2 * stride));
                T.Store(s3, target + (3 * stride));
            }
        }
    }

    /// <summary>Memory for one sample; rows are whole vectors.</summary>
    readonly struct Work
    {
        /// <summary>L</summary>
        public readonly int Tokens;

        /// <summary>Taps that see a token.</summary>
        public readonly int Taps;

        /// <summary>Floats from row to row.</summary>
        public readonly int Stride;

        /// <summary>[L, stride] each, with a margin before and after.</summary>
        public readonly float* X;
        public readonly float* G;

        /// <summary>a, then dx.</summary>
        public readonly float* Sum;

        /// <summary>One row each; the taps follow, then in backward the sums.</summary>
        public readonly float* Zero;
        public readonly float* Bias;

        public Work(float* scratch, int tokens, int width, int stride)
        {
            Tokens = tokens;
            Taps = Math.Min(tokens, width);
            Stride = stride;
            var size = (long)(tokens + (2 * Margin)) * stride;
            X = scratch + (Margin * stride);
            G = X + size;
            Sum = G + size;
            Zero = scratch + (3 * size);
            Bias = Zero + stride;
        }

        /// <summary>w[W-1-k]</summary>
        public float* Tap(int k) => Bias + ((k + 1L) * Stride);
    }
}
