using System.Runtime.CompilerServices;
using Pipeline.Kernels.Simd;

namespace Pipeline.Kernels;

/// <summary>A product of matrices of a few dozen rows, which packing would cost more than it gains.</summary>
/// <remarks>
/// <code>c[m,n] = Σ(k) a[m,k] b[k,n]</code>
/// Rows of b and c are vectors; a is read number by number with any strides.
/// Four rows by two vectors of c stay in registers. Each c[m,n] is summed over k in order.
/// </remarks>
static unsafe class SmallProduct
{
    const int Rows = 4;

    /// <param name="rowStride">Of a: floats from a[m,k] to a[m+1,k].</param>
    /// <param name="columnStride">Of a: floats from a[m,k] to a[m,k+1].</param>
    /// <param name="b">[K, N]</param>
    /// <param name="c">[M, N], overwritten.</param>
    public static void Run<T>(float* a, int rowStride, int columnStride, MatrixView b, MatrixView c)
        where T : struct, IVector<T>
    {
        var n = 0;
        for (; n + (2 * T.Width) <= c.Columns; n += 2 * T.Width)
        {
            var m = 0;
            for (; m + Rows <= c.Rows; m += Rows)
            {
                Tile<T>(a + ((long)m * rowStride), rowStride, columnStride, b.Data + n, b.Stride, b.Rows, c.Row(m) + n, c.Stride);
            }

            for (; m < c.Rows; m++)
            {
                Single<T>(a + ((long)m * rowStride), columnStride, b.Data + n, b, c.Row(m) + n, T.Width);
                Single<T>(a + ((long)m * rowStride), columnStride, b.Data + n + T.Width, b, c.Row(m) + n + T.Width, T.Width);
            }
        }

        for (; n < c.Columns; n += T.Width)
        {
            for (var m = 0; m < c.Rows; m++)
            {
                Single<T>(a + ((long)m * rowStride), columnStride, b.Data + n, b, c.Row(m) + n, Math.Min(T.Width, c.Columns - n));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile<T>(float* a, int rowStride, int columnStride, float* b, int bStride, int depth, float* c, int cStride)
        where T : struct, IVector<T>
    {
        T c00 = T.Zero, c01 = T.Zero, c10 = T.Zero, c11 = T.Zero, c20 = T.Zero, c21 = T.Zero, c30 = T.Zero, c31 = T.Zero;
        for (var k = 0; k < depth; k++, a += columnStride, b += bStride)
        {
            T b0 = T.Load(b), b1 = T.Load(b + T.Width);
            var value = T.Create(*a);
            c00 = T.MultiplyAdd(value, b0, c00);
            c01 = T.MultiplyAdd(value, b1, c01);
            value = T.Create(a[rowStride]);
            c10 = T.MultiplyAdd(value, b0, c10);
            c11 = T.MultiplyAdd(value, b1, c11);
            value = T.Create(a[2 * rowStride]);
            c20 = T.MultiplyAdd(value, b0, c20);
            c21 = T.MultiplyAdd(value, b1, c21);
            value = T.Create(a[3 * rowStride]);
            c30 = T.MultiplyAdd(value, b0, c30);
            c31 = T.MultiplyAdd(value, b1, c31);
        }

        T.Store(c00, c);
        T.Store(c01, c + T.Width);
        c += cStride;
        T.Store(c10, c);
        T.Store(c11, c + T.Width);
        c += cStride;
        T.Store(c20, c);
        T.Store(c21, c + T.Width);
        c += cStride;
        T.Store(c30, c);
        T.Store(c31, c + T.Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Single<T>(float* a, int columnStride, float* column, MatrixView b, float* c, int lanes)
        where T : struct, IVector<T>
    {
        var sum = T.Zero;
        for (var k = 0; k < b.Rows; k++, a += columnStride, column += b.Stride)
        {
            sum = T.MultiplyAdd(T.Create(*a), Lanes.Load<T>(column, lanes), sum);
        }

        Lanes.Store(sum, c, lanes);
    }
}
