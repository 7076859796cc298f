using System.Runtime.CompilerServices;
using Pipeline.Kernels.Simd;

namespace Pipeline.Kernels;

/// <summary>A linear recurrence per channel whose speed, input and output depend on the token; with a skip and a gate.</summary>
/// <remarks>
/// <code>
/// delta = softplus(dt)      A = -exp(aLog)      h[t,n,d] = exp(delta[t,d] A[n,d]) h[t-1,n,d] + delta[t,d] u[t,d] B[t,n]
/// s[t,d] = Σ(n) C[t,n] h[t,n,d] + skip[d] u[t,d]      y = s silu(z)
/// </code>
/// Source: Gu and Dao 2023, algorithm 2 and eq. 4 for A; for B its first-order form delta B, as in their published model.
/// Keeps nothing but the inputs: states [L, N, D] would be N times as large as any of them, and computing them again is half of forward.
/// y and z may be of the last token alone: then only its output is computed, which is all that the last layer of a tower needs.
/// One vector holds neighbouring channels; four states at a time stay in registers while time passes. 2^x is cheaper than e^x, so A
/// comes as A log₂ e, once for all samples. Lanes and states beyond D and N are zero and add nothing.
/// Time passes in stretches (<see cref="ScanStretch"/>), so that scratch memory stays in the cache however long a sample is.
/// </remarks>
static unsafe partial class SelectiveScan
{
    /// <summary>States whose recurrences run together, in registers.</summary>
    const int Group = 4;

    /// <summary>States rounded up to whole groups.</summary>
    static int PaddedStates(int states) => (states + Group - 1) / Group * Group;

    /// <summary>Floats of the table that <see cref="FillRates"/> writes.</summary>
    public static long RatesSize(int states, int channels) => (long)PaddedStates(states) * Strip.Padded(channels);

    /// <summary>[N padded, D padded]</summary>
    public static MatrixView Rates(float* data, int states, int channels) =>
        new(data, PaddedStates(states), Strip.Padded(channels), Strip.Padded(channels));

    public static long ForwardScratch(int tokens, int states, int channels) =>
        Work<V128>.ForwardFloats(tokens, states, Strip.Padded(channels)) + RatesSize(states, channels);

    /// <summary>A log₂ e.</summary>
    /// <param name="aLog">[N, D]</param>
    /// <param name="rates">Overwritten; 0 in the padding.</param>
    public static void FillRates(MatrixView aLog, MatrixView rates)
    {
        switch (SimdLevel.Width)
        {
            case 16:
                FillRates<V512>(aLog, rates);
                break;
            case 8:
                FillRates<V256>(aLog, rates);
                break;
            default:
                FillRates<V128>(aLog, rates);
                break;
        }
    }

    /// <summary>Some samples, all or some channels.</summary>
    /// <param name="rates">As <see cref="FillRates"/> wrote them.</param>
    /// <param name="y">[rows of z, D], overwritten.</param>
    public static void Forward(in ScanViews x, int tokens, MatrixView rates, MatrixView y, float* scratch)
    {
        switch (SimdLevel.Width)
        {
            case 16:
                Forward<V512>(x, tokens, rates, y, scratch);
                break;
            case 8:
                Forward<V256>(x, tokens, rates, y, scratch);
                break;
            default:
                Forward<V128>(x, tokens, rates, y, scratch);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void FillRates<T>(MatrixView aLog, MatrixView rates)
        where T : struct, IVector<T>
    {
        new Span<float>(rates.Data, checked(rates.Rows * rates.Stride)).Clear();
        var factor = T.Create(-VectorMath.Log2OfE);
        for (var n = 0; n < aLog.Rows; n++)
        {
            for (var d = 0; d < aLog.Columns; d += T.Width)
            {
                var left = aLog.Columns - d;
                Lanes.Store(VectorMath.Exp(Lanes.Load<T>(aLog.Row(n) + d, left)) * factor, rates.Row(n) + d, left);
            }
        }
    }

    static void Forward<T>(in ScanViews x, int tokens, MatrixView rates, MatrixView y, float* scratch)
        where T : struct, IVector<T>
    {
        var cut = new ScanCut(x, tokens);
        var work = new Work<T>(scratch, tokens, rates.Rows, x.U.Columns);
        var stride = Strip.Padded<T>(x.U.Columns);
        var state = cut.Pieces > 1 ? work.ForwardEnd : null;
        for (var i = 0; i < cut.Count; i++)
        {
            var stretch = cut[i];
            Advance(work, stretch, x.Stretch(stretch), rates, y.Block(stretch.GateRow, stretch.Gates), stretch.Piece == 0 ? null : state, state, stride);
        }
    }

    /// <summary>One stretch, from the states at its start to those at its end.</summary>
    /// <param name="from">[N padded, stride], or null for 0.</param>
    /// <param name="to">As from, overwritten and perhaps the same; or null.</param>
    static void Advance<T>(
        in Work<T> work, in ScanStretch stretch, in ScanViews x, MatrixView rates, MatrixView y, float* from, float* to, int stride)
        where T : struct, IVector<T>
    {
        CopyPadded(x.B, rates.Rows, work.B);
        CopyPadded(x.C, rates.Rows, work.C);
        Prepare(work, stretch, x);
        for (var n = 0; n < rates.Rows; n += Group)
        {
            for (int d = 0, at = 0; d < x.U.Columns; d += T.Width, at += work.Size)
            {
                var offset = ((long)n * stride) + d;
                Scan(
                    work, stretch, at, n, rates.Row(n) + d, rates.Stride, from == null ? null : from + offset, to == null ? null : to + offset, stride);
            }
        }

        Gate(work, stretch, x.Z, y);
    }

    /// <summary>delta, delta u and skip u.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Prepare<T>(in Work<T> memory, in ScanStretch stretch, in ScanViews x)
        where T : struct, IVector<T>
    {
        var work = memory;
        var (hasOutputs, channels) = (stretch.Gates > 0, x.U.Columns);
        for (var row = 0; row < x.U.Rows; row++)
        {
            float* u = x.U.Row(row), dt = x.Dt.Row(row), skip = x.Skip.Data;
            for (int d = 0, at = row * T.Width; d < channels; d += T.Width, at += work.Size)
            {
                var value = Lanes.Load<T>(u + d, channels - d);
                var step = VectorMath.Softplus(Lanes.Load<T>(dt + d, channels - d));
                T.Store(step, work.Delta + at);
                T.Store(step * value, work.Input + at);
                if (hasOutputs)
                {
                    T.Store(Lanes.Load<T>(skip + d, channels - d) * value, work.Sum + at);
                }
            }
        }
    }

    /// <summary>y = sum silu(z), for the tokens that have an output.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Gate<T>(in Work<T> memory, in ScanStretch stretch, MatrixView z, MatrixView y)
        where T : struct, IVector<T>
    {
        var work = memory;
        for (var row = 0; row < stretch.Gates; row++)
        {
            float* gate = z.Row(row), target = y.Row(row);
            for (int d = 0, at = stretch.RowOfGate(row) * T.Width; d < z.Columns; d += T.Width, at += work.Size)
            {
                var value = VectorMath.Silu(Lanes.Load<T>(gate + d, z.Columns - d));
                Lanes.Store(T.Load(work.Sum + at) * value, target + d, z.Columns - d);
            }
        }
    }

    /// <summary>Rows of B or C with zeros up to whole groups of states.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void CopyPadded(MatrixView source, int states, float* target)
    {
        for (var t = 0; t < source.Rows; t++, target += states)
        {
            var row = new Span<float>(target, states);
            new ReadOnlySpan<float>(source.Row(t), source.Columns).CopyTo(row);
            row[source.Columns..].Clear();
        }
    }
}
