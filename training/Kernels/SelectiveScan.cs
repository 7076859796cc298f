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
/// </remarks>
static unsafe partial class SelectiveScan
{
    /// <summary>States whose recurrences run together, in registers.</summary>
    const int Group = 4;

    /// <summary>Vectors of channels that share B, C and the sums over channels while these are in the first cache.</summary>
    const int Tile = 4;

    /// <summary>States rounded up to whole groups.</summary>
    static int PaddedStates(int states) => (states + Group - 1) / Group * Group;

    /// <summary>Floats of the table that <see cref="FillRates"/> writes.</summary>
    public static long RatesSize(int states, int channels) => (long)PaddedStates(states) * Strip.Padded(channels);

    public static long ForwardScratch(int tokens, int states) => (long)tokens * ((3 * Tile * SimdLevel.Width) + (2 * PaddedStates(states)));

    /// <summary>A log₂ e.</summary>
    /// <param name="aLog">[N, D]</param>
    /// <param name="rates">[N padded, D padded], overwritten; 0 in the padding.</param>
    public static void FillRates(MatrixView aLog, float* rates)
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

    /// <summary>One sample.</summary>
    /// <param name="rates">As <see cref="FillRates"/> wrote them.</param>
    /// <param name="y">[L, D] or [1, D], overwritten.</param>
    public static void Forward(in ScanViews x, float* rates, MatrixView y, float* scratch)
    {
        switch (SimdLevel.Width)
        {
            case 16:
                Forward<V512>(x, rates, y, scratch);
                break;
            case 8:
                Forward<V256>(x, rates, y, scratch);
                break;
            default:
                Forward<V128>(x, rates, y, scratch);
                break;
        }
    }

    static void FillRates<T>(MatrixView aLog, float* rates)
        where T : struct, IVector<T>
    {
        var stride = Strip.Padded<T>(aLog.Columns);
        new Span<float>(rates, checked(PaddedStates(aLog.Rows) * stride)).Clear();
        var factor = T.Create(-VectorMath.Log2OfE);
        for (var n = 0; n < aLog.Rows; n++)
        {
            for (var d = 0; d < aLog.Columns; d += T.Width)
            {
                var lanes = Math.Min(T.Width, aLog.Columns - d);
                Lanes.Store(VectorMath.Exp(Lanes.Load<T>(aLog.Row(n) + d, lanes)) * factor, rates + ((long)n * stride) + d, lanes);
            }
        }
    }

    static void Forward<T>(in ScanViews x, float* rates, MatrixView y, float* scratch)
        where T : struct, IVector<T>
    {
        int tokens = x.U.Rows, states = PaddedStates(x.B.Columns), first = tokens - y.Rows, size = checked(tokens * T.Width);
        var stride = Strip.Padded<T>(x.U.Columns);
        float* delta = scratch, input = delta + (Tile * size), sum = input + (Tile * size), b = sum + (Tile * size), c = b + ((long)tokens * states);
        CopyPadded(x.B, states, b);
        CopyPadded(x.C, states, c);
        for (var d = 0; d < x.U.Columns; d += Tile * T.Width)
        {
            var columns = Math.Min(Tile * T.Width, x.U.Columns - d);
            Prepare<T>(x, d, columns, delta, input, sum);
            for (var n = 0; n < states; n += Group)
            {
                for (int i = 0, at = 0; i < columns; i += T.Width, at += size)
                {
                    Scan<T>(tokens, first, delta + at, input + at, rates + ((long)n * stride) + d + i, stride, b + n, c + n, states, sum + at);
                }
            }

            Gate<T>(x.Z, d, columns, first, sum, y);
        }
    }

    /// <summary>delta, delta u and skip u of a tile of channels: [strips, L, Width].</summary>
    static void Prepare<T>(in ScanViews x, int d, int columns, float* delta, float* input, float* sum)
        where T : struct, IVector<T>
    {
        var size = x.U.Rows * T.Width;
        for (var t = 0; t < x.U.Rows; t++)
        {
            float* u = x.U.Row(t) + d, dt = x.Dt.Row(t) + d, skip = x.Skip.Data + d;
            for (int i = 0, at = t * T.Width; i < columns; i += T.Width, at += size)
            {
                var value = Lanes.Load<T>(u + i, columns - i);
                var step = VectorMath.Softplus(Lanes.Load<T>(dt + i, columns - i));
                T.Store(step, delta + at);
                T.Store(step * value, input + at);
                T.Store(Lanes.Load<T>(skip + i, columns - i) * value, sum + at);
            }
        }
    }

    /// <summary>y = sum silu(z), for the tokens from first on.</summary>
    static void Gate<T>(MatrixView z, int d, int columns, int first, float* sum, MatrixView y)
        where T : struct, IVector<T>
    {
        var size = (first + z.Rows) * T.Width;
        for (var row = 0; row < z.Rows; row++)
        {
            float* gate = z.Row(row) + d, target = y.Row(row) + d;
            for (int i = 0, at = (first + row) * T.Width; i < columns; i += T.Width, at += size)
            {
                var value = VectorMath.Silu(Lanes.Load<T>(gate + i, columns - i));
                Lanes.Store(T.Load(sum + at) * value, target + i, columns - i);
            }
        }
    }

    /// <summary>Four states of one strip of channels through time; adds C h to the sum from token first on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Scan<T>(
        int tokens, int first, float* delta, float* input, float* rates, int stride, float* b, float* c, int states, float* sum)
        where T : struct, IVector<T>
    {
        T a0 = T.Load(rates), a1 = T.Load(rates + stride), a2 = T.Load(rates + (2 * stride)), a3 = T.Load(rates + (3 * stride));
        T h0 = T.Zero, h1 = T.Zero, h2 = T.Zero, h3 = T.Zero;
        for (var t = 0; t < tokens; t++, delta += T.Width, input += T.Width, sum += T.Width, b += states, c += states)
        {
            T step = T.Load(delta), x = T.Load(input);
            h0 = T.MultiplyAdd(h0, VectorMath.Exp2(step * a0), x * T.Create(b[0]));
            h1 = T.MultiplyAdd(h1, VectorMath.Exp2(step * a1), x * T.Create(b[1]));
            h2 = T.MultiplyAdd(h2, VectorMath.Exp2(step * a2), x * T.Create(b[2]));
            h3 = T.MultiplyAdd(h3, VectorMath.Exp2(step * a3), x * T.Create(b[3]));
            if (t >= first)
            {
                var y = T.MultiplyAdd(h0, T.Create(c[0]), T.Load(sum));
                y = T.MultiplyAdd(h1, T.Create(c[1]), y);
                y = T.MultiplyAdd(h2, T.Create(c[2]), y);
                T.Store(T.MultiplyAdd(h3, T.Create(c[3]), y), sum);
            }
        }
    }

    /// <summary>Rows of B or C with zeros up to whole groups of states.</summary>
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
