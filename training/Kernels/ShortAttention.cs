using System.Runtime.CompilerServices;
using Pipeline.Kernels.Simd;

namespace Pipeline.Kernels;

/// <summary><see cref="Attention"/> over so few tokens that a head's scores stay in the first cache: no blocks, no tiles, little to pack.</summary>
/// <remarks>
/// Forward makes the scores transposed, a query to a lane, so that maximum and sum go down the lanes and no partial vector occurs.
/// Products are <see cref="MicroKernel"/>'s alone. The last rows of a product overlap those before them, which gives the same sums again, instead of
/// being a few rows that would wait for their own sums.
/// </remarks>
static unsafe class ShortAttention
{
    const int MostTokens = 64;

    /// <summary>So few scores are made one by one, which needs no packing.</summary>
    const int FewScores = 64;

    /// <summary>Whether there are few tokens, and no part of a vector in a head.</summary>
    public static bool Takes<T>(int tokens, int headWidth)
        where T : struct, IVector<T> => tokens <= MostTokens && headWidth % T.Width == 0;

    /// <summary>Floats of scratch that either direction needs.</summary>
    public static long Scratch(int tokens, int headWidth) => tokens > MostTokens ? 0 : (Strip.Padded(tokens) * (long)tokens) + (2L * SimdLevel.Width * headWidth);

    public static void Forward<T>(MatrixView q, MatrixView k, MatrixView v, MatrixView y, MatrixView probabilities, float* scratch)
        where T : struct, IVector<T>
    {
        var padded = Strip.Padded<T>(q.Rows);
        var scores = new MatrixView(scratch, k.Rows, q.Rows, padded);
        MultiplyTransposed<T>(k, q, scores, scratch + ((long)k.Rows * padded));
        SoftmaxOfColumns<T>(scores, 1 / MathF.Sqrt(q.Columns));
        Packing.Transposed(scores, probabilities.Stride, probabilities.Data);
        Multiply<T>(new MicroRows(scores.Data, 1, padded, null), v, y);
    }

    public static void Backward<T>(
        MatrixView dy, MatrixView q, MatrixView k, MatrixView v, MatrixView probabilities, MatrixView dq, MatrixView dk, MatrixView dv, float* scratch)
        where T : struct, IVector<T>
    {
        var padded = Strip.Padded<T>(k.Rows);
        var dscores = new MatrixView(scratch, q.Rows, k.Rows, padded);
        MultiplyTransposed<T>(dy, v, dscores, scratch + ((long)q.Rows * padded));
        Attention.SoftmaxBackward<T>(probabilities, 1 / MathF.Sqrt(q.Columns), dscores);
        Multiply<T>(new MicroRows(probabilities.Data, 1, probabilities.Stride, null), dy, dv);
        Multiply<T>(new MicroRows(dscores.Data, padded, 1, null), k, dq);
        Multiply<T>(new MicroRows(dscores.Data, 1, padded, null), q, dk);
    }

    /// <summary>result = a bᵀ, whose rows have room for whole vectors.</summary>
    /// <param name="scratch">[a.Columns, two vectors]</param>
    static void MultiplyTransposed<T>(MatrixView a, MatrixView b, MatrixView result, float* scratch)
        where T : struct, IVector<T>
    {
        if (a.Rows * b.Rows <= FewScores)
        {
            MultiplyOneByOne<T>(a, b, result);
            return;
        }

        var rows = new MicroRows(a.Data, a.Stride, 1, null);
        for (int c = 0, width; c < result.Columns; c += width)
        {
            width = result.Columns - c > T.Width ? 2 * T.Width : T.Width;
            Packing.Transposed(b.Block(c, width), width, scratch);
            MultiplyPanel<T>(rows, new MicroPanel(scratch, width, null), a.Columns, new MatrixView(result.Data + c, result.Rows, width, result.Stride));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void MultiplyOneByOne<T>(MatrixView a, MatrixView b, MatrixView result)
        where T : struct, IVector<T>
    {
        for (var i = 0; i < a.Rows; i++)
        {
            var row = a.Row(i);
            for (var j = 0; j < b.Rows; j++)
            {
                var other = b.Row(j);
                var sum = T.Zero;
                for (var c = 0; c < a.Columns; c += T.Width)
                {
                    sum = T.MultiplyAdd(T.Load(row + c), T.Load(other + c), sum);
                }

                result.Row(i)[j] = T.Sum(sum);
            }
        }
    }

    /// <summary>result = a b, whose columns are whole vectors.</summary>
    static void Multiply<T>(in MicroRows a, MatrixView b, MatrixView result)
        where T : struct, IVector<T>
    {
        for (int c = 0, width; c < result.Columns; c += width)
        {
            width = result.Columns - c > T.Width ? 2 * T.Width : T.Width;
            MultiplyPanel<T>(a, new MicroPanel(b.Data + c, b.Stride, null), b.Rows, result.Strip(c, width));
        }
    }

    static void MultiplyPanel<T>(in MicroRows a, in MicroPanel b, int depth, MatrixView target)
        where T : struct, IVector<T>
    {
        var step = Gemm.FewRows<T>(target.Rows);
        for (var row = 0; row < target.Rows; row += step)
        {
            row = Math.Min(row, target.Rows - step);
            var rows = new MicroRows(a.Data + (row * a.Row), a.Row, a.Step, null);
            if (target.Columns > T.Width)
            {
                Gemm.MultiplyRows<T, Two>(rows, depth, b, target.Block(row, step), default);
            }
            else
            {
                Gemm.MultiplyRows<T, One>(rows, depth, b, target.Block(row, step), default);
            }
        }
    }

    /// <param name="scores">[keys, queries], in place; rows have room for whole vectors. What lies past the queries comes to nothing of use.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void SoftmaxOfColumns<T>(MatrixView scores, float scale)
        where T : struct, IVector<T>
    {
        var factor = T.Create(scale);
        for (var c = 0; c < scores.Columns; c += T.Width)
        {
            var largest = T.Load(scores.Data + c);
            for (var j = 1; j < scores.Rows; j++)
            {
                largest = T.AtLeast(T.Load(scores.Row(j) + c), largest);
            }

            var sum = T.Zero;
            for (var j = 0; j < scores.Rows; j++)
            {
                var value = VectorMath.Exp((T.Load(scores.Row(j) + c) - largest) * factor);
                T.Store(value, scores.Row(j) + c);
                sum += value;
            }

            var share = T.Create(1) / sum;
            for (var j = 0; j < scores.Rows; j++)
            {
                T.Store(T.Load(scores.Row(j) + c) * share, scores.Row(j) + c);
            }
        }
    }
}
