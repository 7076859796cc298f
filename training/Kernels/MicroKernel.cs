using System.Runtime.CompilerServices;
using Pipeline.Kernels.Simd;

namespace Pipeline.Kernels;

/// <summary>A number that the JIT knows while it compiles: what is guarded by it costs nothing.</summary>
interface IConstant
{
    static abstract int Value { get; }
}

/// <summary>The innermost loop of every product: a few rows times one or two vectors of columns, held in registers over the whole depth.</summary>
/// <remarks>
/// 12 rows x 2 vectors fill 24 of the 32 registers of AVX-512, 6 x 2 fill 12 of the 16 of AVX2: per step of the depth 24 (12) multiply-adds wait for 14 (8)
/// loads. The rows are written out one by one because only locals live in registers, not arrays; fewer rows are the same method with the rest cut away by the JIT.
/// </remarks>
static unsafe class MicroKernel
{
    /// <summary>c = or += a b, then max(c, 0) if isRelu.</summary>
    /// <param name="a">Element (row, k) at a[row aRow + k aStep].</param>
    /// <param name="b">Packed: [depth, TVectors T.Width].</param>
    /// <param name="bias">What the sums start from, one vector row; null for 0.</param>
    /// <param name="c">[TRows, TVectors T.Width], rows cRow apart.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T, TRows, TVectors>(
        int depth, float* a, nint aRow, nint aStep, float* b, float* bias, float* c, nint cRow, bool adds, bool isRelu)
        where T : struct, IVector<T>
        where TRows : struct, IConstant
        where TVectors : struct, IConstant
    {
        var start0 = bias == null ? T.Zero : T.Load(bias);
        var start1 = bias == null || TVectors.Value == 1 ? T.Zero : T.Load(bias + T.Width);
        T sum00 = start0, sum01 = start1, sum10 = start0, sum11 = start1;
        T sum20 = start0, sum21 = start1, sum30 = start0, sum31 = start1;
        T sum40 = start0, sum41 = start1, sum50 = start0, sum51 = start1;
        T sum60 = start0, sum61 = start1, sum70 = start0, sum71 = start1;
        T sum80 = start0, sum81 = start1, sum90 = start0, sum91 = start1;
        T sum100 = start0, sum101 = start1, sum110 = start0, sum111 = start1;

        // Three pointers and two offsets reach twelve rows without leaving the address modes of a load.
        var (two, three) = (2 * aRow, 3 * aRow);
        var a4 = a + (4 * aRow);
        var a8 = a + (8 * aRow);
        for (; depth > 0; depth--)
        {
            var b0 = T.Load(b);
            var b1 = TVectors.Value == 1 ? T.Zero : T.Load(b + T.Width);
            Accumulate<T, TVectors>(T.Create(*a), b0, b1, ref sum00, ref sum01);
            if (TRows.Value > 1)
                Accumulate<T, TVectors>(T.Create(a[aRow]), b0, b1, ref sum10, ref sum11);
            if (TRows.Value > 2)
                Accumulate<T, TVectors>(T.Create(a[two]), b0, b1, ref sum20, ref sum21);
            if (TRows.Value > 3)
                Accumulate<T, TVectors>(T.Create(a[three]), b0, b1, ref sum30, ref sum31);
            if (TRows.Value > 4)
                Accumulate<T, TVectors>(T.Create(*a4), b0, b1, ref sum40, ref sum41);
            if (TRows.Value > 5)
                Accumulate<T, TVectors>(T.Create(a4[aRow]), b0, b1, ref sum50, ref sum51);
            if (TRows.Value > 6)
                Accumulate<T, TVectors>(T.Create(a4[two]), b0, b1, ref sum60, ref sum61);
            if (TRows.Value > 7)
                Accumulate<T, TVectors>(T.Create(a4[three]), b0, b1, ref sum70, ref sum71);
            if (TRows.Value > 8)
                Accumulate<T, TVectors>(T.Create(*a8), b0, b1, ref sum80, ref sum81);
            if (TRows.Value > 9)
                Accumulate<T, TVectors>(T.Create(a8[aRow]), b0, b1, ref sum90, ref sum91);
            if (TRows.Value > 10)
                Accumulate<T, TVectors>(T.Create(a8[two]), b0, b1, ref sum100, ref sum101);
            if (TRows.Value > 11)
                Accumulate<T, TVectors>(T.Create(a8[three]), b0, b1, ref sum110, ref sum111);

            a += aStep;
            a4 += aStep;
            a8 += aStep;
            b += TVectors.Value * T.Width;
        }

        Put<T, TVectors>(sum00, sum01, c, adds, isRelu);
        if (TRows.Value > 1)
            Put<T, TVectors>(sum10, sum11, c + (1 * cRow), adds, isRelu);
        if (TRows.Value > 2)
            Put<T, TVectors>(sum20, sum21, c + (2 * cRow), adds, isRelu);
        if (TRows.Value > 3)
            Put<T, TVectors>(sum30, sum31, c + (3 * cRow), adds, isRelu);
        if (TRows.Value > 4)
            Put<T, TVectors>(sum40, sum41, c + (4 * cRow), adds, isRelu);
        if (TRows.Value > 5)
            Put<T, TVectors>(sum50, sum51, c + (5 * cRow), adds, isRelu);
        if (TRows.Value > 6)
            Put<T, TVectors>(sum60, sum61, c + (6 * cRow), adds, isRelu);
        if (TRows.Value > 7)
            Put<T, TVectors>(sum70, sum71, c + (7 * cRow), adds, isRelu);
        if (TRows.Value > 8)
            Put<T, TVectors>(sum80, sum81, c + (8 * cRow), adds, isRelu);
        if (TRows.Value > 9)
            Put<T, TVectors>(sum90, sum91, c + (9 * cRow), adds, isRelu);
        if (TRows.Value > 10)
            Put<T, TVectors>(sum100, sum101, c + (10 * cRow), adds, isRelu);
        if (TRows.Value > 11)
            Put<T, TVectors>(sum110, sum111, c + (11 * cRow), adds, isRelu);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Accumulate<T, TVectors>(T a, T b0, T b1, ref T sum0, ref T sum1)
        where T : struct, IVector<T>
        where TVectors : struct, IConstant
    {
        sum0 = T.MultiplyAdd(a, b0, sum0);
        if (TVectors.Value == 2)
        {
            sum1 = T.MultiplyAdd(a, b1, sum1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Put<T, TVectors>(T sum0, T sum1, float* c, bool adds, bool isRelu)
        where T : struct, IVector<T>
        where TVectors : struct, IConstant
    {
        Put(sum0, c, adds, isRelu);
        if (TVectors.Value == 2)
        {
            Put(sum1, c + T.Width, adds, isRelu);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Put<T>(T sum, float* c, bool adds, bool isRelu)
        where T : struct, IVector<T>
    {
        if (adds)
        {
            sum = T.Load(c) + sum;
        }

        if (isRelu)
        {
            sum = T.Max(sum, T.Zero);
        }

        T.Store(sum, c);
    }
}

readonly struct One : IConstant
{
    public static int Value => 1;
}

readonly struct Two : IConstant
{
    public static int Value => 2;
}

readonly struct Four : IConstant
{
    public static int Value => 4;
}

readonly struct Six : IConstant
{
    public static int Value => 6;
}

readonly struct Eight : IConstant
{
    public static int Value => 8;
}

readonly struct Twelve : IConstant
{
    public static int Value => 12;
}
