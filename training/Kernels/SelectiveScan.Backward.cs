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
/// Without an output a token has g = 0. A long sample is gone through once forward, to have the states at the start of each piece, then piece by
/// piece backward. Sums over channels are kept lane by lane and added up once per stretch.
/// What is summed over parts of the work goes to partial sums of each part, which <see cref="AddPartials"/> and <see cref="AddChannels"/> add in order.
/// </remarks>
static unsafe partial class SelectiveScan
{
    public static long BackwardScratch(int tokens, int states, int channels) =>
        Work<V128>.BackwardFloats(tokens, states, Strip.Padded(channels), SimdLevel.Width) + (ScanCut.PiecesOf(tokens) * RatesSize(states, channels));

    /// <summary>Floats of the partial sums of one block of samples: dA [N padded, D padded], then dskip [D padded].</summary>
    public static long PartialSize(int states, int channels) => RatesSize(states, channels) + Strip.Padded(channels);

    /// <summary>[N padded + 1, D padded]</summary>
    public static MatrixView Partial(float* data, int states, int channels) =>
        new(data, PaddedStates(states) + 1, Strip.Padded(channels), Strip.Padded(channels));

    /// <summary>Some samples, all or some channels.</summary>
    /// <param name="dy">[rows of z, D]</param>
    /// <param name="gradients">Of u, dt, b, c and z overwritten, those of b and c by sums over these channels; of the others untouched.</param>
    /// <param name="partial">Of the block that the samples belong to: added to.</param>
    public static void Backward(
        MatrixView dy, in ScanViews x, int tokens, MatrixView rates, in ScanViews gradients, MatrixView partial, float* scratch)
    {
        switch (SimdLevel.Width)
        {
            case 16:
                Backward<V512>(dy, x, tokens, rates, gradients, partial, scratch);
                break;
            case 8:
                Backward<V256>(dy, x, tokens, rates, gradients, partial, scratch);
                break;
            default:
                Backward<V128>(dy, x, tokens, rates, gradients, partial, scratch);
                break;
        }
    }

    static void Backward<T>(
        MatrixView dy, in ScanViews x, int tokens, MatrixView rates, in ScanViews gradients, MatrixView partial, float* scratch)
        where T : struct, IVector<T>
    {
        var cut = new ScanCut(x, tokens);
        var work = new Work<T>(scratch, tokens, rates.Rows, x.U.Columns);
        var states = new PieceStates(work.End, rates.Rows, Strip.Padded<T>(x.U.Columns), cut.Pieces);
        for (var i = cut.Count - 1; i >= 0; i--)
        {
            var stretch = cut[i];
            if (stretch.IsEnd && cut.Pieces > 1)
            {
                for (var piece = 0; piece < stretch.Piece; piece++)
                {
                    var silent = cut[i - stretch.Piece + piece];
                    silent = silent with { First = silent.Tokens };
                    Advance(work, silent, x.Stretch(silent), rates, default, states.Before(piece), states.Before(piece + 1), states.Stride);
                }

                states.ClearGradient();
            }

            Backward(
                work, stretch, dy.Block(stretch.GateRow, stretch.Gates), x.Stretch(stretch), rates, gradients.Stretch(stretch), partial, states);
        }
    }

    static void Backward<T>(
        in Work<T> work, in ScanStretch stretch, MatrixView dy, in ScanViews x, MatrixView rates, in ScanViews gradients, MatrixView partial, in PieceStates states)
        where T : struct, IVector<T>
    {
        CopyPadded(x.B, rates.Rows, work.B);
        CopyPadded(x.C, rates.Rows, work.C);
        float* from = states.Before(stretch.Piece), dstate = states.Gradient;
        PrepareTokens(work, x);
        PrepareOutputs(work, stretch, dy, x, partial.Row(rates.Rows));
        for (var n = 0; n < rates.Rows; n += Group)
        {
            new Span<float>(work.BSum, 2 * Group * work.Size).Clear();
            for (int d = 0, at = 0; d < x.U.Columns; d += T.Width, at += work.Size)
            {
                var offset = ((long)n * states.Stride) + d;
                var before = from == null ? null : from + offset;
                ScanAgain(work, stretch, at, n, rates.Row(n) + d, rates.Stride, before, states.Stride);
                ScanBack(
                    work, stretch, at, n, rates.Row(n) + d, rates.Stride, before, dstate == null ? null : dstate + offset, states.Stride, partial.Row(n) + d);
            }

            AddLanes<T>(work.BSum, gradients.B.Strip(n, Group));
            AddLanes<T>(work.CSum, gradients.C.Strip(n, Group));
        }

        FinishTokens(work, x, gradients);
        FinishOutputs(work, stretch, x, gradients);
    }

    /// <summary>What does not depend on the states: delta, delta u, and sums that start at 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void PrepareTokens<T>(in Work<T> memory, in ScanViews x)
        where T : struct, IVector<T>
    {
        var work = memory;
        var channels = x.U.Columns;
        for (var row = 0; row < x.U.Rows; row++)
        {
            float* u = x.U.Row(row), dt = x.Dt.Row(row);
            for (int d = 0, at = row * T.Width; d < channels; d += T.Width, at += work.Size)
            {
                var (delta, slope) = VectorMath.SoftplusAndSigmoid(Lanes.Load<T>(dt + d, channels - d));
                T.Store(delta, work.Delta + at);
                T.Store(slope, work.Slope + at);
                T.Store(delta * Lanes.Load<T>(u + d, channels - d), work.Input + at);
                T.Store(T.Zero, work.DInput + at);
                T.Store(T.Zero, work.DExponent + at);
            }
        }
    }

    /// <summary>Gates, and the sums that start with the skip.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void PrepareOutputs<T>(
        in Work<T> memory, in ScanStretch stretch, MatrixView dy, in ScanViews x, float* skipPartial)
        where T : struct, IVector<T>
    {
        var work = memory;
        var channels = x.U.Columns;
        for (var gate = 0; gate < stretch.Gates; gate++)
        {
            var row = stretch.RowOfGate(gate);
            float* u = x.U.Row(row), z = x.Z.Row(gate), gradient = dy.Row(gate), skip = x.Skip.Data;
            for (int d = 0, at = row * T.Width; d < channels; d += T.Width, at += work.Size)
            {
                T value = Lanes.Load<T>(u + d, channels - d), open = Lanes.Load<T>(z + d, channels - d);
                var sigmoid = VectorMath.Sigmoid(open);
                var dvalue = Lanes.Load<T>(gradient + d, channels - d);
                var g = dvalue * open * sigmoid;
                T.Store(g, work.G + at);
                T.Store(dvalue * VectorMath.SiluDerivative(open, sigmoid), work.ZSlope + at);
                T.Store(Lanes.Load<T>(skip + d, channels - d) * value, work.Sum + at);
                AddTo(g, value, skipPartial + d);
            }
        }
    }

    /// <summary>ddt, and du but for the skip.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void FinishTokens<T>(in Work<T> memory, in ScanViews x, in ScanViews gradients)
        where T : struct, IVector<T>
    {
        var work = memory;
        var channels = x.U.Columns;
        for (var row = 0; row < x.U.Rows; row++)
        {
            float* u = x.U.Row(row), du = gradients.U.Row(row), ddt = gradients.Dt.Row(row);
            for (int d = 0, at = row * T.Width; d < channels; d += T.Width, at += work.Size)
            {
                var dinput = T.Load(work.DInput + at);
                var ddelta = T.MultiplyAdd(T.Load(work.DExponent + at), T.Create(VectorMath.Ln2), dinput * Lanes.Load<T>(u + d, channels - d));
                Lanes.Store(ddelta * T.Load(work.Slope + at), ddt + d, channels - d);
                Lanes.Store(dinput * T.Load(work.Delta + at), du + d, channels - d);
            }
        }
    }

    /// <summary>dz, and du through the skip.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void FinishOutputs<T>(in Work<T> memory, in ScanStretch stretch, in ScanViews x, in ScanViews gradients)
        where T : struct, IVector<T>
    {
        var work = memory;
        var channels = x.U.Columns;
        for (var gate = 0; gate < stretch.Gates; gate++)
        {
            var row = stretch.RowOfGate(gate);
            float* du = gradients.U.Row(row), dz = gradients.Z.Row(gate), skip = x.Skip.Data;
            for (int d = 0, at = row * T.Width; d < channels; d += T.Width, at += work.Size)
            {
                var through = T.MultiplyAdd(T.Load(work.G + at), Lanes.Load<T>(skip + d, channels - d), Lanes.Load<T>(du + d, channels - d));
                Lanes.Store(through, du + d, channels - d);
                Lanes.Store(T.Load(work.ZSlope + at) * T.Load(work.Sum + at), dz + d, channels - d);
            }
        }
    }

    /// <summary>Each sum over channels, from the lanes it was kept in.</summary>
    /// <param name="sums">Up to four states.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void AddLanes<T>(float* lanes, MatrixView sums)
        where T : struct, IVector<T>
    {
        for (var t = 0; t < sums.Rows; t++, lanes += Group * T.Width)
        {
            var row = sums.Row(t);
            for (var n = 0; n < sums.Columns; n++)
            {
                row[n] = T.Sum(T.Load(lanes + (n * T.Width)));
            }
        }
    }

    /// <summary>Of a long sample: the states before each piece but the first, and their gradient.</summary>
    readonly struct PieceStates(float* data, int states, int stride, int pieces)
    {
        readonly int size = states * stride;

        public int Stride => stride;

        /// <summary>Null if samples are short.</summary>
        public float* Gradient => pieces > 1 ? data : null;

        /// <summary>[N padded, stride]; null for 0.</summary>
        public float* Before(int piece) => piece == 0 ? null : data + ((long)piece * size);

        public void ClearGradient() => new Span<float>(data, size).Clear();
    }
}
