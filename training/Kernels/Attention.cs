using System.Runtime.CompilerServices;
using Pipeline.Kernels.Simd;

namespace Pipeline.Kernels;

/// <summary>Each query takes the mean of the values, weighted by how well it matches their keys; one head of one sample.</summary>
/// <remarks>
/// <code>
/// S[i,j] = q[i] · k[j] / sqrt(width)      P[i,j] = exp(S[i,j] - max S[i]) / Σ(j) ...      y[i] = Σ(j) P[i,j] v[j]
/// dP[i,j] = dy[i] · v[j]                  dS[i,j] = P[i,j] (dP[i,j] - Σ(j) P[i,j] dP[i,j]) / sqrt(width)
/// dq[i] = Σ(j) dS[i,j] k[j]               dk[j] = Σ(i) dS[i,j] q[i]                        dv[j] = Σ(i) P[i,j] dy[i]
/// </code>
/// Source: Vaswani et al. 2017, eq. 1; the maximum is subtracted so that no exponential overflows. Keeps P: with few tokens it is smaller
/// than q, and computing it again needs a product and an exponential. Queries may be of the last token alone.
/// Time and P grow with the square of L; queries come in blocks, whose products <see cref="Gemm"/> makes, so that scratch does not.
/// </remarks>
static unsafe class Attention
{
    /// <summary>Queries of a block: whole blocks of rows of the products, few enough for their scores to stay in the cache.</summary>
    const int Block = 96;

    /// <summary>Floats of scratch that either direction needs.</summary>
    public static long Scratch(int queries, int tokens, int headWidth) =>
        Math.Max(Gemm.ScratchFloats + ((long)Math.Min(queries, Block) * Strip.Padded(tokens)), ShortAttention.Scratch(tokens, headWidth));

    /// <param name="q">[queries, head width]</param>
    /// <param name="k">[L, head width], as v.</param>
    /// <param name="y">[queries, head width], overwritten.</param>
    /// <param name="probabilities">[queries, L], overwritten.</param>
    public static void Forward(MatrixView q, MatrixView k, MatrixView v, MatrixView y, MatrixView probabilities, float* scratch)
    {
        switch (SimdLevel.Width)
        {
            case 16:
                Forward<V512>(q, k, v, y, probabilities, scratch);
                break;
            case 8:
                Forward<V256>(q, k, v, y, probabilities, scratch);
                break;
            default:
                Forward<V128>(q, k, v, y, probabilities, scratch);
                break;
        }
    }

    /// <param name="dq">[queries, head width], overwritten; dk and dv [L, head width] too.</param>
    public static void Backward(
        MatrixView dy, MatrixView q, MatrixView k, MatrixView v, MatrixView probabilities, MatrixView dq, MatrixView dk, MatrixView dv, float* scratch)
    {
        switch (SimdLevel.Width)
        {
            case 16:
                Backward<V512>(dy, q, k, v, probabilities, dq, dk, dv, scratch);
                break;
            case 8:
                Backward<V256>(dy, q, k, v, probabilities, dq, dk, dv, scratch);
                break;
            default:
                Backward<V128>(dy, q, k, v, probabilities, dq, dk, dv, scratch);
                break;
        }
    }

    static void Forward<T>(MatrixView q, MatrixView k, MatrixView v, MatrixView y, MatrixView probabilities, float* scratch)
        where T : struct, IVector<T>
    {
        if (ShortAttention.Takes<T>(k.Rows, k.Columns))
        {
            ShortAttention.Forward<T>(q, k, v, y, probabilities, scratch);
            return;
        }

        // No product writes into the padding: it stays below every score.
        var padded = Strip.Padded<T>(k.Rows);
        var scores = new MatrixView(scratch + Gemm.ScratchFloats, Math.Min(q.Rows, Block), k.Rows, padded);
        new Span<float>(scores.Data, checked(scores.Rows * padded)).Fill(float.NegativeInfinity);
        var scale = 1 / MathF.Sqrt(q.Columns);
        for (var start = 0; start < q.Rows; start += Block)
        {
            var (queries, weights) = (q.Block(start, Block), probabilities.Block(start, Block));
            var matches = scores.Block(0, queries.Rows);
            Multiply<T>(new Product { A = queries, B = k, IsBTransposed = true, Result = matches }, scratch);
            Softmax<T>(matches, scale, weights);
            Multiply<T>(new Product { A = weights, B = v, Result = y.Block(start, Block) }, scratch);
        }
    }

    static void Backward<T>(
        MatrixView dy, MatrixView q, MatrixView k, MatrixView v, MatrixView probabilities, MatrixView dq, MatrixView dk, MatrixView dv, float* scratch)
        where T : struct, IVector<T>
    {
        if (ShortAttention.Takes<T>(k.Rows, k.Columns))
        {
            ShortAttention.Backward<T>(dy, q, k, v, probabilities, dq, dk, dv, scratch);
            return;
        }

        var scores = new MatrixView(scratch + Gemm.ScratchFloats, Math.Min(q.Rows, Block), k.Rows, Strip.Padded<T>(k.Rows));
        var scale = 1 / MathF.Sqrt(q.Columns);
        for (var start = 0; start < q.Rows; start += Block)
        {
            var (queries, weights, gradients) = (q.Block(start, Block), probabilities.Block(start, Block), dy.Block(start, Block));
            var dscores = scores.Block(0, queries.Rows);
            var adds = start > 0;
            Multiply<T>(new Product { A = weights, IsATransposed = true, B = gradients, Adds = adds, Result = dv }, scratch);
            Multiply<T>(new Product { A = gradients, B = v, IsBTransposed = true, Result = dscores }, scratch);
            SoftmaxBackward<T>(weights, scale, dscores);
            Multiply<T>(new Product { A = dscores, B = k, Result = dq.Block(start, Block) }, scratch);
            Multiply<T>(new Product { A = dscores, IsATransposed = true, B = queries, Adds = adds, Result = dk }, scratch);
        }
    }

    static void Multiply<T>(in Product product, float* scratch)
        where T : struct, IVector<T>
    {
        var grid = TileGrid.Of<T>(product);
        for (var tile = 0; tile < grid.Count; tile++)
        {
            Gemm.RunTile<T>(product, grid, tile, scratch);
        }
    }

    /// <param name="scores">Rows have room for whole vectors, and no score there.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Softmax<T>(MatrixView scores, float scale, MatrixView probabilities)
        where T : struct, IVector<T>
    {
        var count = scores.Columns;
        for (var i = 0; i < scores.Rows; i++)
        {
            float* row = scores.Row(i), p = probabilities.Row(i);
            var largest = T.Load(row);
            for (var j = T.Width; j < count; j += T.Width)
            {
                largest = T.Max(largest, T.Load(row + j));
            }

            // In the padding the exponential is the smallest there is, 1e-38, which a sum of at least 1 does not notice.
            T highest = T.Create(T.MaxLane(largest)), factor = T.Create(scale), sum = T.Zero;
            for (var j = 0; j < count; j += T.Width)
            {
                var value = VectorMath.Exp((T.Load(row + j) - highest) * factor);
                Lanes.Store(value, p + j, count - j);
                sum += value;
            }

            factor = T.Create(1 / T.Sum(sum));
            for (var j = 0; j < count; j += T.Width)
            {
                Lanes.Store(Lanes.Load<T>(p + j, count - j) * factor, p + j, count - j);
            }
        }
    }

    /// <summary>Of the probabilities' gradients makes those of the scores, in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SoftmaxBackward<T>(MatrixView probabilities, float scale, MatrixView gradients)
        where T : struct, IVector<T>
    {
        var count = gradients.Columns;
        var factor = T.Create(scale);
        for (var i = 0; i < gradients.Rows; i++)
        {
            float* p = probabilities.Row(i), g = gradients.Row(i);
            var sum = T.Zero;
            for (var j = 0; j < count; j += T.Width)
            {
                sum = T.MultiplyAdd(Lanes.Load<T>(p + j, count - j), Lanes.Load<T>(g + j, count - j), sum);
            }

            var mean = T.Create(T.Sum(sum));
            for (var j = 0; j < count; j += T.Width)
            {
                Lanes.Store(Lanes.Load<T>(p + j, count - j) * (Lanes.Load<T>(g + j, count - j) - mean) * factor, g + j, count - j);
            }
        }
    }
}
