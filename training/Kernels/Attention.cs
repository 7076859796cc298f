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
/// For tens of tokens: scratch and time grow with the square of L.
/// </remarks>
static unsafe class Attention
{
    /// <summary>Floats of scratch that either direction needs.</summary>
    /// <param name="width">Of a head.</param>
    public static long Scratch(int queries, int tokens, int width) => (long)(queries + width) * Strip.Padded(tokens);

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
        var scores = Matches<T>(q, k, scratch);
        var scale = 1 / MathF.Sqrt(q.Columns);
        for (var i = 0; i < q.Rows; i++)
        {
            Softmax<T>(scores.Row(i), k.Rows, scale);
            new ReadOnlySpan<float>(scores.Row(i), k.Rows).CopyTo(new Span<float>(probabilities.Row(i), k.Rows));
        }

        SmallProduct.Run<T>(scores.Data, scores.Stride, 1, v, y);
    }

    static void Backward<T>(
        MatrixView dy, MatrixView q, MatrixView k, MatrixView v, MatrixView probabilities, MatrixView dq, MatrixView dk, MatrixView dv, float* scratch)
        where T : struct, IVector<T>
    {
        SmallProduct.Run<T>(probabilities.Data, 1, probabilities.Stride, dy, dv);
        var gradients = Matches<T>(dy, v, scratch);
        var scale = T.Create(1 / MathF.Sqrt(q.Columns));
        for (var i = 0; i < q.Rows; i++)
        {
            float* p = probabilities.Row(i), g = gradients.Row(i);
            var sum = T.Zero;
            for (var j = 0; j < k.Rows; j += T.Width)
            {
                sum = T.MultiplyAdd(Lanes.Load<T>(p + j, Math.Min(T.Width, k.Rows - j)), T.Load(g + j), sum);
            }

            var mean = T.Create(T.Sum(sum));
            for (var j = 0; j < k.Rows; j += T.Width)
            {
                T.Store(Lanes.Load<T>(p + j, Math.Min(T.Width, k.Rows - j)) * (T.Load(g + j) - mean) * scale, g + j);
            }
        }

        SmallProduct.Run<T>(gradients.Data, gradients.Stride, 1, k, dq);
        SmallProduct.Run<T>(gradients.Data, 1, gradients.Stride, q, dk);
    }

    /// <summary>[rows of a, L padded]: the inner product of each row of a with each row of b, in the scratch; 0 in the padding.</summary>
    static MatrixView Matches<T>(MatrixView a, MatrixView b, float* scratch)
        where T : struct, IVector<T>
    {
        // With b transposed a vector holds inner products of one row of a: no sum over lanes is needed.
        var padded = Strip.Padded<T>(b.Rows);
        var result = new MatrixView(scratch, a.Rows, padded, padded);
        var transposed = new MatrixView(scratch + ((long)a.Rows * padded), b.Columns, padded, padded);
        new Span<float>(transposed.Data, checked(b.Columns * padded)).Clear();
        for (var row = 0; row < b.Rows; row++)
        {
            var source = b.Row(row);
            var target = transposed.Data + row;
            for (var column = 0; column < b.Columns; column++, target += padded)
            {
                *target = source[column];
            }
        }

        SmallProduct.Run<T>(a.Data, a.Stride, 1, transposed, result);
        return result;
    }

    /// <summary>In place; the row has room for whole vectors, whose rest becomes 0.</summary>
    static void Softmax<T>(float* row, int count, float scale)
        where T : struct, IVector<T>
    {
        var padding = Strip.Padded<T>(count) - count;
        new Span<float>(row + count, padding).Fill(float.NegativeInfinity);
        var largest = T.Create(float.NegativeInfinity);
        for (var j = 0; j < count; j += T.Width)
        {
            largest = T.Max(largest, T.Load(row + j));
        }

        var highest = T.Create(T.MaxLane(largest));
        var sum = T.Zero;
        for (var j = 0; j < count; j += T.Width)
        {
            var value = VectorMath.Exp((T.Load(row + j) - highest) * T.Create(scale));
            T.Store(value, row + j);
            sum += value;
        }

        var factor = T.Create(1 / T.Sum(sum));
        for (var j = 0; j < count; j += T.Width)
        {
            T.Store(T.Load(row + j) * factor, row + j);
        }

        new Span<float>(row + count, padding).Clear();
    }
}
