using System.Runtime.CompilerServices;
using Pipeline.Kernels.Simd;

namespace Pipeline.Kernels;

/// <remarks>What parts of the work left to be added.</remarks>
static unsafe partial class SelectiveScan
{
    /// <summary>daLog += dA A and dskip += its partial sums, block of samples after block.</summary>
    /// <param name="partials">As <see cref="Partial"/> shows the first; the others follow.</param>
    public static void AddPartials(MatrixView partials, int blocks, MatrixView rates, MatrixView daLog, MatrixView dskip)
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

    /// <summary>sums = the sums over each block of channels, added in order.</summary>
    /// <param name="blocks">[rows, N] each, one after the other.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddChannels(float* blocks, int count, long blockSize, MatrixView sums)
    {
        for (var row = 0; row < sums.Rows; row++)
        {
            for (var n = 0; n < sums.Columns; n++)
            {
                var sum = 0f;
                var at = blocks + ((long)row * sums.Columns) + n;
                for (var block = 0; block < count; block++, at += blockSize)
                {
                    sum += *at;
                }

                sums.Row(row)[n] = sum;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void AddPartials<T>(MatrixView partials, int blocks, MatrixView rates, MatrixView daLog, MatrixView dskip)
        where T : struct, IVector<T>
    {
        var size = (long)partials.Rows * partials.Stride;
        for (var d = 0; d < daLog.Columns; d += T.Width)
        {
            var left = daLog.Columns - d;
            for (var n = 0; n < daLog.Rows; n++)
            {
                var a = T.Load(rates.Row(n) + d) * T.Create(VectorMath.Ln2);
                var target = daLog.Row(n) + d;
                Lanes.Store(T.MultiplyAdd(Sum<T>(partials.Row(n) + d, blocks, size), a, Lanes.Load<T>(target, left)), target, left);
            }

            var skip = dskip.Data + d;
            Lanes.Store(Lanes.Load<T>(skip, left) + Sum<T>(partials.Row(rates.Rows) + d, blocks, size), skip, left);
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
}
