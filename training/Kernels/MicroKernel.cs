using System.Runtime.CompilerServices;
using Pipeline.Kernels.Simd;

namespace Pipeline.Kernels;

/// <summary>A number that the JIT knows while it compiles: what is guarded by it costs nothing.</summary>
interface IConstant
{
    static abstract int Value { get; }
}

/// <summary>Where the rows of A lie: element (row, k) at Data[row Row + k Step].</summary>
/// <param name="copy">Where the rows go on the way, as [depth, rows], for those who read them next; null for nowhere. Row must be 1.</param>
readonly unsafe struct MicroRows(float* data, nint row, nint step, float* copy)
{
    public readonly float* Data = data;
    public readonly nint Row = row;
    public readonly nint Step = step;
    public readonly float* Copy = copy;
}

/// <summary>Where a panel of B lies: row k at Data[k Step].</summary>
/// <param name="copy">Where the panel goes on the way, its rows adjacent, for those who read it next; null for nowhere.</param>
readonly unsafe struct MicroPanel(float* data, nint step, float* copy)
{
    public readonly float* Data = data;
    public readonly nint Step = step;
    public readonly float* Copy = copy;
}

/// <summary>What becomes of the sums of a block of the depth.</summary>
/// <param name="bias">What they start from, one vector row; null for 0.</param>
/// <param name="adds">Added to the result instead of overwriting it.</param>
readonly unsafe struct Finish(float* bias, bool adds, bool isRelu)
{
    public float* Bias { get; init; } = bias;

    public bool Adds { get; } = adds;

    public bool IsRelu { get; } = isRelu;
}

/// <summary>The innermost loop of every product: a few rows times one or two vectors of columns, held in registers over the whole depth.</summary>
/// <remarks>
/// 12 rows x 2 vectors fill 24 of the 32 registers of AVX-512, 6 x 2 fill 12 of the 16 of AVX2: per step of the depth 24 (12) multiply-adds wait for 14 (8)
/// loads. So there is room beside them for a few copies: who reads a panel or rows first packs them for the others, at next to no cost.
/// The rows are written out one by one because only locals live in registers, not arrays; fewer rows are the same method with the rest cut away by the JIT.
/// </remarks>
static unsafe class MicroKernel
{
    /// <summary>c = or += a b, then max(c, 0) if so finished.</summary>
    /// <param name="b">[depth, TVectors T.Width]</param>
    /// <param name="c">[TRows, TVectors T.Width], rows cRow apart.</param>
    public static void Run<T, TRows, TVectors>(int depth, in MicroRows a, in MicroPanel b, in Finish finish, float* c, nint cRow)
        where T : struct, IVector<T>
        where TRows : struct, IConstant
        where TVectors : struct, IConstant
    {
        if (a.Copy != null)
        {
            if (b.Copy != null)
            {
                Run<T, TRows, TVectors, One, One>(depth, a, b, finish, c, cRow);
            }
            else
            {
                Run<T, TRows, TVectors, One, Zero>(depth, a, b, finish, c, cRow);
            }
        }
        else if (b.Copy != null)
        {
            Run<T, TRows, TVectors, Zero, One>(depth, a, b, finish, c, cRow);
        }
        else
        {
            Run<T, TRows, TVectors, Zero, Zero>(depth, a, b, finish, c, cRow);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Run<T, TRows, TVectors, TCopiesA, TCopiesB>(int depth, in MicroRows rows, in MicroPanel panel, in Finish finish, float* c, nint cRow)
        where T : struct, IVector<T>
        where TRows : struct, IConstant
        where TVectors : struct, IConstant
        where TCopiesA : struct, IConstant
        where TCopiesB : struct, IConstant
    {
        var (adds, isRelu) = (finish.Adds, finish.IsRelu);
        var (aRow, aStep, bStep) = (rows.Row, rows.Step, panel.Step);
        var bias = finish.Bias;
        var a = rows.Data;
        var aCopy = rows.Copy;
        var b = panel.Data;
        var bCopy = panel.Copy;
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
            if (TCopiesB.Value == 1)
            {
                T.Store(b0, bCopy);
                if (TVectors.Value == 2)
                {
                    T.Store(b1, bCopy + T.Width);
                }

                bCopy += TVectors.Value * T.Width;
            }

            if (TCopiesA.Value == 1)
            {
                Copy<TRows>(a, aCopy);
                aCopy += TRows.Value;
            }

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
            b += bStep;
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
    static void Copy<TRows>(float* a, float* copy)
        where TRows : struct, IConstant
    {
        if (TRows.Value >= 8)
        {
            V256.Store(V256.Load(a), copy);
        }

        if (TRows.Value is 4 or 6 or 12)
        {
            V128.Store(V128.Load(a + (TRows.Value & 8)), copy + (TRows.Value & 8));
        }

        if (TRows.Value is 6 or 2)
        {
            (copy[TRows.Value - 2], copy[TRows.Value - 1]) = (a[TRows.Value - 2], a[TRows.Value - 1]);
        }

        if (TRows.Value == 1)
        {
            *copy = *a;
        }
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
            sum = T.AtLeast(sum, T.Zero);
        }

        T.Store(sum, c);
    }
}

readonly struct Zero : IConstant
{
    public static int Value => 0;
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
