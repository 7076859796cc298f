using System.Runtime.CompilerServices;
using Pipeline.Kernels.Simd;

namespace Pipeline.Kernels;

/// <remarks>
/// With e = exp(delta A), g = dy silu(z) and H[t] the gradient of h[t]:
/// <code>
/// H[t] = g[t] C[t] + e[t+1] H[t+1]                    dC[t,n] = Σ(d) g h            dB[t,n] = Σ(d) H delta u
/// ddelta = Σ(n) (H e h[t-1] A + H B u)                du = Σ(n) H B delta + g skip   ddt = ddelta sigmoid(dt)
/// dA[n,d] = Σ(t) H e h[t-1] delta      daLog = dA A   dskip = Σ g u                  dz = dy s silu'(z)
/// </code>
/// Without an output a token has g = 0. Sums over channels are kept lane by lane and added up once per sample.
/// Sums over samples go to partial sums of a fixed block of samples, which <see cref="AddPartials"/> adds in order.
/// </remarks>
static unsafe partial class SelectiveScan
{
    public static long BackwardScratch(int tokens, int states) =>
        tokens * (((long)Work<V128>.VectorsPerToken * SimdLevel.Width) + (2L * PaddedStates(states) * (SimdLevel.Width + 1)));

    /// <summary>Floats of the partial sums of one block: dA [N padded, D padded] and dskip [1, D padded].</summary>
    public static long PartialSize(int states, int channels) => RatesSize(states, channels) + Strip.Padded(channels);

    /// <summary>One sample.</summary>
    /// <param name="dy">[L, D] or [1, D], as z.</param>
    /// <param name="gradients">Of u, dt, b, c and z overwritten; of the others untouched.</param>
    /// <param name="partial">Of the block that the sample belongs to: added to.</param>
    public static void Backward(MatrixView dy, in ScanViews x, float* rates, in ScanViews gradients, float* partial, float* scratch)
    {
        switch (SimdLevel.Width)
        {
            case 16:
                Backward<V512>(dy, x, rates, gradients, partial, scratch);
                break;
            case 8:
                Backward<V256>(dy, x, rates, gradients, partial, scratch);
                break;
            default:
                Backward<V128>(dy, x, rates, gradients, partial, scratch);
                break;
        }
    }

    /// <summary>daLog += dA A and dskip += its partial sums, block after block.</summary>
    public static void AddPartials(float* partials, int blocks, float* rates, MatrixView daLog, MatrixView dskip)
    {
        switch (SimdLevel.Width)
        {
            case 16:
                AddPartials<V512>(partials, blocks, rates, daLog, dskip);
                break;
            case 8:
                AddPartials<V256>(partials, blocks, rates, daLog, dskip);
                break;
            default:
                AddPartials<V128>(partials, blocks, rates, daLog, dskip);
                break;
        }
    }

    static void Backward<T>(MatrixView dy, in ScanViews x, float* rates, in ScanViews gradients, float* partial, float* scratch)
        where T : struct, IVector<T>
    {
        int tokens = x.U.Rows, channels = x.U.Columns, states = PaddedStates(x.B.Columns);
        var work = new Work<T>(scratch, tokens, tokens - dy.Rows, states, Strip.Padded<T>(channels));
        CopyPadded(x.B, states, work.B);
        CopyPadded(x.C, states, work.C);
        new Span<float>(work.BSum, checked(2 * tokens * states * T.Width)).Clear();
        var skipPartial = partial + ((long)states * work.Stride);
        for (var d = 0; d < channels; d += Tile * T.Width)
        {
            var columns = Math.Min(Tile * T.Width, channels - d);
            Prepare(work, dy, x, d, columns, skipPartial + d);
            for (var n = 0; n < states; n += Group)
            {
                for (int i = 0, at = 0; i < columns; i += T.Width, at += work.Size)
                {
                    var offset = ((long)n * work.Stride) + d + i;
                    ScanAgain(work, at, rates + offset, n);
                    ScanBack(work, at, rates + offset, n, partial + offset);
                }
            }

            Finish(work, x, gradients, d, columns);
        }

        AddLanes<T>(work.BSum, states, gradients.B);
        AddLanes<T>(work.CSum, states, gradients.C);
    }

    static void AddPartials<T>(float* partials, int blocks, float* rates, MatrixView daLog, MatrixView dskip)
        where T : struct, IVector<T>
    {
        var stride = Strip.Padded<T>(daLog.Columns);
        var size = PartialSize(daLog.Rows, daLog.Columns);
        var skipOffset = (long)PaddedStates(daLog.Rows) * stride;
        for (var d = 0; d < daLog.Columns; d += T.Width)
        {
            var lanes = Math.Min(T.Width, daLog.Columns - d);
            for (var n = 0; n < daLog.Rows; n++)
            {
                var offset = ((long)n * stride) + d;
                var a = T.Load(rates + offset) * T.Create(VectorMath.Ln2);
                Lanes.Store(T.MultiplyAdd(Sum<T>(partials + offset, blocks, size), a, Lanes.Load<T>(daLog.Row(n) + d, lanes)), daLog.Row(n) + d, lanes);
            }

            Lanes.Store(Lanes.Load<T>(dskip.Data + d, lanes) + Sum<T>(partials + skipOffset + d, blocks, size), dskip.Data + d, lanes);
        }
    }

    static T Sum<T>(float* first, int count, long stride)
        where T : struct, IVector<T>
    {
        var sum = T.Load(first);
        for (var i = 1; i < count; i++)
        {
            sum += T.Load(first + (i * stride));
        }

        return sum;
    }

    /// <summary>What does not depend on the states, for a tile of channels: delta, delta u, gates, and the sums that start with the skip.</summary>
    static void Prepare<T>(in Work<T> memory, MatrixView dy, in ScanViews x, int d, int columns, float* skipPartial)
        where T : struct, IVector<T>
    {
        var work = memory;
        for (var t = 0; t < work.Tokens; t++)
        {
            float* u = x.U.Row(t) + d, dt = x.Dt.Row(t) + d;
            for (int i = 0, at = t * T.Width; i < columns; i += T.Width, at += work.Size)
            {
                var (delta, slope) = VectorMath.SoftplusAndSigmoid(Lanes.Load<T>(dt + i, columns - i));
                T.Store(delta, work.Delta + at);
                T.Store(slope, work.Slope + at);
                T.Store(delta * Lanes.Load<T>(u + i, columns - i), work.Input + at);
                T.Store(T.Zero, work.DInput + at);
                T.Store(T.Zero, work.DExponent + at);
            }
        }

        for (var t = work.First; t < work.Tokens; t++)
        {
            float* u = x.U.Row(t) + d, z = x.Z.Row(t - work.First) + d, gradient = dy.Row(t - work.First) + d, skip = x.Skip.Data + d;
            for (int i = 0, at = t * T.Width; i < columns; i += T.Width, at += work.Size)
            {
                T value = Lanes.Load<T>(u + i, columns - i), gate = Lanes.Load<T>(z + i, columns - i);
                var sigmoid = VectorMath.Sigmoid(gate);
                var dvalue = Lanes.Load<T>(gradient + i, columns - i);
                var g = dvalue * gate * sigmoid;
                T.Store(g, work.G + at);
                T.Store(dvalue * VectorMath.SiluDerivative(gate, sigmoid), work.ZSlope + at);
                T.Store(Lanes.Load<T>(skip + i, columns - i) * value, work.Sum + at);
                AddTo(g, value, skipPartial + i);
            }
        }
    }

    /// <summary>Forward once more for four states of one strip, keeping them and their decay.</summary>
    /// <param name="at">Where the strip begins in what is kept per tile.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void ScanAgain<T>(in Work<T> work, int at, float* rates, int n)
        where T : struct, IVector<T>
    {
        int tokens = work.Tokens, first = work.First, states = work.States, stride = work.Stride;
        float* delta = work.Delta + at, input = work.Input + at, sum = work.Sum + at, b = work.B + n, c = work.C + n, kept = work.H, decay = work.Decay;
        T a0 = T.Load(rates), a1 = T.Load(rates + stride), a2 = T.Load(rates + (2 * stride)), a3 = T.Load(rates + (3 * stride));
        T h0 = T.Zero, h1 = T.Zero, h2 = T.Zero, h3 = T.Zero;
        for (var t = 0; t < tokens; t++, delta += T.Width, input += T.Width, sum += T.Width, b += states, c += states)
        {
            T step = T.Load(delta), x = T.Load(input);
            T e0 = VectorMath.Exp2(step * a0), e1 = VectorMath.Exp2(step * a1);
            h0 = T.MultiplyAdd(h0, e0, x * T.Create(b[0]));
            h1 = T.MultiplyAdd(h1, e1, x * T.Create(b[1]));
            T.Store(e0, decay);
            T.Store(e1, decay + T.Width);
            T.Store(h0, kept);
            T.Store(h1, kept + T.Width);
            T e2 = VectorMath.Exp2(step * a2), e3 = VectorMath.Exp2(step * a3);
            h2 = T.MultiplyAdd(h2, e2, x * T.Create(b[2]));
            h3 = T.MultiplyAdd(h3, e3, x * T.Create(b[3]));
            T.Store(e2, decay + (2 * T.Width));
            T.Store(e3, decay + (3 * T.Width));
            T.Store(h2, kept + (2 * T.Width));
            T.Store(h3, kept + (3 * T.Width));
            kept += Group * T.Width;
            decay += Group * T.Width;
            if (t >= first)
            {
                var y = T.MultiplyAdd(h0, T.Create(c[0]), T.Load(sum));
                y = T.MultiplyAdd(h1, T.Create(c[1]), y);
                y = T.MultiplyAdd(h2, T.Create(c[2]), y);
                T.Store(T.MultiplyAdd(h3, T.Create(c[3]), y), sum);
            }
        }
    }

    /// <summary>Backward in time for four states of one strip.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void ScanBack<T>(in Work<T> work, int at, float* rates, int n, float* partial)
        where T : struct, IVector<T>
    {
        int first = work.First, states = work.States, stride = work.Stride;
        var t = work.Tokens - 1;
        at += t * T.Width;
        float* delta = work.Delta + at, input = work.Input + at, g = work.G + at, dinput = work.DInput + at, dexponent = work.DExponent + at;
        float* kept = work.H + (t * Group * T.Width), decay = work.Decay + (t * Group * T.Width), b = work.B + (t * states) + n, c = work.C + (t * states) + n;
        float* bSum = work.BSum + (((long)t * states) + n) * T.Width, cSum = work.CSum + (((long)t * states) + n) * T.Width;
        T a0 = T.Load(rates), a1 = T.Load(rates + stride), a2 = T.Load(rates + (2 * stride)), a3 = T.Load(rates + (3 * stride));
        T d0 = T.Zero, d1 = T.Zero, d2 = T.Zero, d3 = T.Zero;
        T s0 = T.Zero, s1 = T.Zero, s2 = T.Zero, s3 = T.Zero;
        T h0 = T.Load(kept), h1 = T.Load(kept + T.Width), h2 = T.Load(kept + (2 * T.Width)), h3 = T.Load(kept + (3 * T.Width));
        for (; t >= 0; t--)
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
            var dx = T.MultiplyAdd(d0, T.Create(b[0]), T.Load(dinput));
            dx = T.MultiplyAdd(d1, T.Create(b[1]), dx);
            dx = T.MultiplyAdd(d2, T.Create(b[2]), dx);
            T.Store(T.MultiplyAdd(d3, T.Create(b[3]), dx), dinput);
            if (t == 0)
            {
                break;
            }

            d0 *= T.Load(decay);
            d1 *= T.Load(decay + T.Width);
            d2 *= T.Load(decay + (2 * T.Width));
            d3 *= T.Load(decay + (3 * T.Width));
            kept -= Group * T.Width;
            decay -= Group * T.Width;
            h0 = T.Load(kept);
            h1 = T.Load(kept + T.Width);
            h2 = T.Load(kept + (2 * T.Width));
            h3 = T.Load(kept + (3 * T.Width));
            T step = T.Load(delta), w0 = d0 * h0, w1 = d1 * h1, w2 = d2 * h2, w3 = d3 * h3;
            s0 = T.MultiplyAdd(w0, step, s0);
            s1 = T.MultiplyAdd(w1, step, s1);
            s2 = T.MultiplyAdd(w2, step, s2);
            s3 = T.MultiplyAdd(w3, step, s3);
            var dq = T.MultiplyAdd(w0, a0, T.Load(dexponent));
            dq = T.MultiplyAdd(w1, a1, dq);
            dq = T.MultiplyAdd(w2, a2, dq);
            T.Store(T.MultiplyAdd(w3, a3, dq), dexponent);
            delta -= T.Width;
            input -= T.Width;
            g -= T.Width;
            dinput -= T.Width;
            dexponent -= T.Width;
            b -= states;
            c -= states;
            bSum -= states * T.Width;
            cSum -= states * T.Width;
        }

        T.Store(T.Load(partial) + s0, partial);
        T.Store(T.Load(partial + stride) + s1, partial + stride);
        T.Store(T.Load(partial + (2 * stride)) + s2, partial + (2 * stride));
        T.Store(T.Load(partial + (3 * stride)) + s3, partial + (3 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AddTo<T>(T a, T b, float* sum)
        where T : struct, IVector<T> => T.Store(T.MultiplyAdd(a, b, T.Load(sum)), sum);

    /// <summary>du, ddt and dz of a tile of channels.</summary>
    static void Finish<T>(in Work<T> memory, in ScanViews x, in ScanViews gradients, int d, int columns)
        where T : struct, IVector<T>
    {
        var work = memory;
        for (var t = 0; t < work.Tokens; t++)
        {
            float* u = x.U.Row(t) + d, du = gradients.U.Row(t) + d, ddt = gradients.Dt.Row(t) + d, skip = x.Skip.Data + d;
            for (int i = 0, at = t * T.Width; i < columns; i += T.Width, at += work.Size)
            {
                var dinput = T.Load(work.DInput + at);
                var ddelta = T.MultiplyAdd(T.Load(work.DExponent + at), T.Create(VectorMath.Ln2), dinput * Lanes.Load<T>(u + i, columns - i));
                Lanes.Store(ddelta * T.Load(work.Slope + at), ddt + i, columns - i);
                var dvalue = dinput * T.Load(work.Delta + at);
                if (t >= work.First)
                {
                    dvalue = T.MultiplyAdd(T.Load(work.G + at), Lanes.Load<T>(skip + i, columns - i), dvalue);
                    Lanes.Store(T.Load(work.ZSlope + at) * T.Load(work.Sum + at), gradients.Z.Row(t - work.First) + d + i, columns - i);
                }

                Lanes.Store(dvalue, du + i, columns - i);
            }
        }
    }

    /// <summary>Each sum over channels, from the lanes it was kept in.</summary>
    static void AddLanes<T>(float* lanes, int states, MatrixView sums)
        where T : struct, IVector<T>
    {
        for (var t = 0; t < sums.Rows; t++, lanes += states * T.Width)
        {
            var row = sums.Row(t);
            for (var n = 0; n < sums.Columns; n++)
            {
                row[n] = T.Sum(T.Load(lanes + (n * T.Width)));
            }
        }
    }
}
