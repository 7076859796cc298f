using System.Runtime.CompilerServices;
using Pipeline.Kernels.Simd;

namespace Pipeline.Kernels;

/// <remarks>The innermost loops: four states of one strip of channels, for all rows of a stretch.</remarks>
static unsafe partial class SelectiveScan
{
    /// <summary>Forward; adds C h to the sums of the tokens that have an output.</summary>
    /// <param name="at">Where the strip begins in what is kept per strip.</param>
    /// <param name="from">The states before the first token, rows stateStride apart, or null for 0.</param>
    /// <param name="to">The states after the last token, or null.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Scan<T>(
        in Work<T> work, in ScanStretch stretch, int at, int n, float* rates, int stride, float* from, float* to, int stateStride)
        where T : struct, IVector<T>
    {
        var exp2 = new Exp2<T>();
        int tokens = stretch.Tokens, first = stretch.First, states = work.States;
        float* delta = work.Delta + at, input = work.Input + at, sum = work.Sum + at, b = work.B + n, c = work.C + n;
        T a0 = T.Load(rates), a1 = T.Load(rates + stride), a2 = T.Load(rates + (2 * stride)), a3 = T.Load(rates + (3 * stride));
        for (var sample = 0; sample < stretch.Samples; sample++)
        {
            T h0 = LoadOrZero<T>(from, 0), h1 = LoadOrZero<T>(from, stateStride);
            T h2 = LoadOrZero<T>(from, 2 * stateStride), h3 = LoadOrZero<T>(from, 3 * stateStride);
            for (var t = 0; t < tokens; t++, delta += T.Width, input += T.Width, sum += T.Width, b += states, c += states)
            {
                T step = T.Load(delta), x = T.Load(input);
                h0 = T.MultiplyAdd(h0, exp2.Of(step * a0), x * T.Create(b[0]));
                h1 = T.MultiplyAdd(h1, exp2.Of(step * a1), x * T.Create(b[1]));
                h2 = T.MultiplyAdd(h2, exp2.Of(step * a2), x * T.Create(b[2]));
                h3 = T.MultiplyAdd(h3, exp2.Of(step * a3), x * T.Create(b[3]));
                if (t >= first)
                {
                    T.Store(AddOutput(T.Load(sum), h0, h1, h2, h3, c), sum);
                }
            }

            if (to != null)
            {
                StoreFour(h0, h1, h2, h3, to, stateStride);
            }
        }
    }

    /// <summary>Forward once more, keeping the states and their decay.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void ScanAgain<T>(in Work<T> work, in ScanStretch stretch, int at, int n, float* rates, int stride, float* from, int stateStride)
        where T : struct, IVector<T>
    {
        var exp2 = new Exp2<T>();
        int tokens = stretch.Tokens, first = stretch.First, states = work.States;
        float* delta = work.Delta + at, input = work.Input + at, sum = work.Sum + at, b = work.B + n, c = work.C + n, kept = work.H, decay = work.Decay;
        T a0 = T.Load(rates), a1 = T.Load(rates + stride), a2 = T.Load(rates + (2 * stride)), a3 = T.Load(rates + (3 * stride));
        for (var sample = 0; sample < stretch.Samples; sample++)
        {
            T h0 = LoadOrZero<T>(from, 0), h1 = LoadOrZero<T>(from, stateStride);
            T h2 = LoadOrZero<T>(from, 2 * stateStride), h3 = LoadOrZero<T>(from, 3 * stateStride);
            for (var t = 0; t < tokens; t++, delta += T.Width, input += T.Width, sum += T.Width, b += states, c += states)
            {
                T step = T.Load(delta), x = T.Load(input);
                T e0 = exp2.Of(step * a0), e1 = exp2.Of(step * a1);
                h0 = T.MultiplyAdd(h0, e0, x * T.Create(b[0]));
                h1 = T.MultiplyAdd(h1, e1, x * T.Create(b[1]));
                T e2 = exp2.Of(step * a2), e3 = exp2.Of(step * a3);
                h2 = T.MultiplyAdd(h2, e2, x * T.Create(b[2]));
                h3 = T.MultiplyAdd(h3, e3, x * T.Create(b[3]));
                StoreFour(e0, e1, e2, e3, decay, T.Width);
                StoreFour(h0, h1, h2, h3, kept, T.Width);
                kept += Group * T.Width;
                decay += Group * T.Width;
                if (t >= first)
                {
                    T.Store(AddOutput(T.Load(sum), h0, h1, h2, h3, c), sum);
                }
            }
        }
    }

    /// <summary>Backward in time, after <see cref="ScanAgain"/> of the same strip and states.</summary>
    /// <param name="from">The states before the first token, or null for 0.</param>
    /// <param name="dstate">The gradient of the states after the last token, replaced by that before the first; null for 0.</param>
    /// <param name="partial">dA of four states, rows stride apart: added to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void ScanBack<T>(
        in Work<T> work, in ScanStretch stretch, int at, int n, float* rates, int stride, float* from, float* dstate, int stateStride, float* partial)
        where T : struct, IVector<T>
    {
        int tokens = stretch.Tokens, first = stretch.First, states = work.States;
        T a0 = T.Load(rates), a1 = T.Load(rates + stride), a2 = T.Load(rates + (2 * stride)), a3 = T.Load(rates + (3 * stride));
        T s0 = T.Zero, s1 = T.Zero, s2 = T.Zero, s3 = T.Zero;
        for (var sample = 0; sample < stretch.Samples; sample++)
        {
            var t = tokens - 1;
            var row = (sample * tokens) + t;
            var offset = at + (row * T.Width);
            float* delta = work.Delta + offset, input = work.Input + offset, g = work.G + offset, dinput = work.DInput + offset;
            float* dexponent = work.DExponent + offset, b = work.B + (row * states) + n, c = work.C + (row * states) + n;
            float* kept = work.H + (row * Group * T.Width), decay = work.Decay + (row * Group * T.Width);
            float* bSum = work.BSum + (row * Group * T.Width), cSum = work.CSum + (row * Group * T.Width);
            T d0 = LoadOrZero<T>(dstate, 0), d1 = LoadOrZero<T>(dstate, stateStride);
            T d2 = LoadOrZero<T>(dstate, 2 * stateStride), d3 = LoadOrZero<T>(dstate, 3 * stateStride);
            T h0 = T.Load(kept), h1 = T.Load(kept + T.Width), h2 = T.Load(kept + (2 * T.Width)), h3 = T.Load(kept + (3 * T.Width));
            while (true)
            {
                if (t >= first)
                {
                    var y = T.Load(g);
                    d0 = T.MultiplyAdd(y, T.Create(c[0]), d0);
                    d1 = T.MultiplyAdd(y, T.Create(c[1]), d1);
                    d2 = T.MultiplyAdd(y, T.Create(c[2]), d2);
                    d3 = T.MultiplyAdd(y, T.Create(c[3]), d3);
                    AddTo(y, h0, cSum);
                    AddTo(y, h1, cSum + T.Width);
                    AddTo(y, h2, cSum + (2 * T.Width));
                    AddTo(y, h3, cSum + (3 * T.Width));
                }

                var x = T.Load(input);
                AddTo(x, d0, bSum);
                AddTo(x, d1, bSum + T.Width);
                AddTo(x, d2, bSum + (2 * T.Width));
                AddTo(x, d3, bSum + (3 * T.Width));
                T.Store(AddOutput(T.Load(dinput), d0, d1, d2, d3, b), dinput);
                if (t == 0 && from == null)
                {
                    break;
                }

                d0 *= T.Load(decay);
                d1 *= T.Load(decay + T.Width);
                d2 *= T.Load(decay + (2 * T.Width));
                d3 *= T.Load(decay + (3 * T.Width));
                kept = t == 0 ? from : kept - (Group * T.Width);
                var distance = t == 0 ? stateStride : T.Width;
                h0 = T.Load(kept);
                h1 = T.Load(kept + distance);
                h2 = T.Load(kept + (2 * distance));
                h3 = T.Load(kept + (3 * distance));
                T step = T.Load(delta), w0 = d0 * h0, w1 = d1 * h1, w2 = d2 * h2, w3 = d3 * h3;
                s0 = T.MultiplyAdd(w0, step, s0);
                s1 = T.MultiplyAdd(w1, step, s1);
                s2 = T.MultiplyAdd(w2, step, s2);
                s3 = T.MultiplyAdd(w3, step, s3);
                var dq = T.MultiplyAdd(w0, a0, T.Load(dexponent));
                dq = T.MultiplyAdd(w1, a1, dq);
                dq = T.MultiplyAdd(w2, a2, dq);
                T.Store(T.MultiplyAdd(w3, a3, dq), dexponent);
                if (t == 0)
                {
                    break;
                }

                t--;
                decay -= Group * T.Width;
                delta -= T.Width;
                input -= T.Width;
                g -= T.Width;
                dinput -= T.Width;
                dexponent -= T.Width;
                b -= states;
                c -= states;
                bSum -= Group * T.Width;
                cSum -= Group * T.Width;
            }

            if (dstate != null)
            {
                StoreFour(d0, d1, d2, d3, dstate, stateStride);
            }
        }

        T.Store(T.Load(partial) + s0, partial);
        T.Store(T.Load(partial + stride) + s1, partial + stride);
        T.Store(T.Load(partial + (2 * stride)) + s2, partial + (2 * stride));
        T.Store(T.Load(partial + (3 * stride)) + s3, partial + (3 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T LoadOrZero<T>(float* source, int offset)
        where T : struct, IVector<T> => source == null ? T.Zero : T.Load(source + offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void StoreFour<T>(T v0, T v1, T v2, T v3, float* target, int stride)
        where T : struct, IVector<T>
    {
        T.Store(v0, target);
        T.Store(v1, target + stride);
        T.Store(v2, target + (2 * stride));
        T.Store(v3, target + (3 * stride));
    }

    /// <summary>sum + Σ over four states of h c.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T AddOutput<T>(T sum, T h0, T h1, T h2, T h3, float* c)
        where T : struct, IVector<T>
    {
        sum = T.MultiplyAdd(h0, T.Create(c[0]), sum);
        sum = T.MultiplyAdd(h1, T.Create(c[1]), sum);
        sum = T.MultiplyAdd(h2, T.Create(c[2]), sum);
        return T.MultiplyAdd(h3, T.Create(c[3]), sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AddTo<T>(T a, T b, float* sum)
        where T : struct, IVector<T> => T.Store(T.MultiplyAdd(a, b, T.Load(sum)), sum);
}
