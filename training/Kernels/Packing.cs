using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Pipeline.Kernels;

/// <summary>Copies a block of a matrix into the order in which <see cref="MicroKernel"/> reads it. Copies alone: no rounding.</summary>
/// <remarks>A panel may be wider than what is left of the matrix. What lies there then is multiplied too, but its products fall on columns that are dropped.</remarks>
static unsafe class Packing
{
    /// <summary>panel[k, c] = source[k, c]; what lies past the source's columns is left as it was.</summary>
    /// <param name="panel">[source.Rows, width]</param>
    public static void Padded(MatrixView source, int width, float* panel)
    {
        for (var k = 0; k < source.Rows; k++)
        {
            new ReadOnlySpan<float>(source.Row(k), source.Columns).CopyTo(new Span<float>(panel + ((long)k * width), width));
        }
    }

    /// <summary>panel[k, r] = source[r, k]; what lies past the source's rows is left as it was.</summary>
    /// <param name="panel">[source.Columns, width]</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transposed(MatrixView source, int width, float* panel)
    {
        var r = 0;
        if (Avx512F.IsSupported)
        {
            for (; r + 16 <= source.Rows; r += 16)
            {
                var k = 0;
                for (; k + 4 <= source.Columns; k += 4)
                {
                    Transpose16(source.Row(r) + k, source.Stride, panel + ((long)k * width) + r, width);
                }

                Transpose(source.Row(r) + k, source.Stride, 16, source.Columns - k, panel + ((long)k * width) + r, width);
            }
        }

        if (Avx.IsSupported)
        {
            for (; r + 8 <= source.Rows; r += 8)
            {
                var k = 0;
                for (; k + 8 <= source.Columns; k += 8)
                {
                    Transpose8(source.Row(r) + k, source.Stride, panel + ((long)k * width) + r, width);
                }

                Transpose(source.Row(r) + k, source.Stride, 8, source.Columns - k, panel + ((long)k * width) + r, width);
            }
        }

        Transpose(source.Row(r), source.Stride, source.Rows - r, source.Columns, panel + r, width);
    }

    static void Transpose(float* source, int sourceStride, int rows, int columns, float* target, int targetStride)
    {
        for (var r = 0; r < rows; r++)
        {
            for (var k = 0; k < columns; k++)
            {
                target[((long)k * targetStride) + r] = source[((long)r * sourceStride) + k];
            }
        }
    }

    /// <summary>16 rows by 4 columns: each load gathers four rows, so that the rest stays within the quarters of a vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Transpose16(float* source, nint sourceStride, float* target, nint targetStride)
    {
        var r0 = FourRows(source, 4 * sourceStride);
        var r1 = FourRows(source + sourceStride, 4 * sourceStride);
        var r2 = FourRows(source + (2 * sourceStride), 4 * sourceStride);
        var r3 = FourRows(source + (3 * sourceStride), 4 * sourceStride);
        var (p0, p1, p2, p3) = (Avx512F.UnpackLow(r0, r1), Avx512F.UnpackHigh(r0, r1), Avx512F.UnpackLow(r2, r3), Avx512F.UnpackHigh(r2, r3));

        const byte low = 0b01_00_01_00;
        const byte high = 0b11_10_11_10;
        Avx512F.Shuffle(p0, p2, low).Store(target);
        Avx512F.Shuffle(p0, p2, high).Store(target + targetStride);
        Avx512F.Shuffle(p1, p3, low).Store(target + (2 * targetStride));
        Avx512F.Shuffle(p1, p3, high).Store(target + (3 * targetStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> FourRows(float* source, nint stride)
    {
        var rows = Vector128.Load(source).ToVector256Unsafe().ToVector512Unsafe();
        rows = Avx512F.InsertVector128(rows, Vector128.Load(source + stride), 1);
        rows = Avx512F.InsertVector128(rows, Vector128.Load(source + (2 * stride)), 2);
        return Avx512F.InsertVector128(rows, Vector128.Load(source + (3 * stride)), 3);
    }

    /// <summary>8 x 8 floats: pairs, then fours within the halves of the registers, then the halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Transpose8(float* source, long stride, float* target, long targetStride)
    {
        var (r0, r1) = (Vector256.Load(source), Vector256.Load(source + stride));
        var (r2, r3) = (Vector256.Load(source + (2 * stride)), Vector256.Load(source + (3 * stride)));
        var (r4, r5) = (Vector256.Load(source + (4 * stride)), Vector256.Load(source + (5 * stride)));
        var (r6, r7) = (Vector256.Load(source + (6 * stride)), Vector256.Load(source + (7 * stride)));

        var (p0, p1, p2, p3) = (Avx.UnpackLow(r0, r1), Avx.UnpackHigh(r0, r1), Avx.UnpackLow(r2, r3), Avx.UnpackHigh(r2, r3));
        var (p4, p5, p6, p7) = (Avx.UnpackLow(r4, r5), Avx.UnpackHigh(r4, r5), Avx.UnpackLow(r6, r7), Avx.UnpackHigh(r6, r7));

        const byte low = 0b01_00_01_00;
        const byte high = 0b11_10_11_10;
        var (f0, f1, f2, f3) = (Avx.Shuffle(p0, p2, low), Avx.Shuffle(p0, p2, high), Avx.Shuffle(p1, p3, low), Avx.Shuffle(p1, p3, high));
        var (f4, f5, f6, f7) = (Avx.Shuffle(p4, p6, low), Avx.Shuffle(p4, p6, high), Avx.Shuffle(p5, p7, low), Avx.Shuffle(p5, p7, high));

        const byte lowHalves = 0x20;
        const byte highHalves = 0x31;
        Avx.Permute2x128(f0, f4, lowHalves).Store(target);
        Avx.Permute2x128(f1, f5, lowHalves).Store(target + targetStride);
        Avx.Permute2x128(f2, f6, lowHalves).Store(target + (2 * targetStride));
        Avx.Permute2x128(f3, f7, lowHalves).Store(target + (3 * targetStride));
        Avx.Permute2x128(f0, f4, highHalves).Store(target + (4 * targetStride));
        Avx.Permute2x128(f1, f5, highHalves).Store(target + (5 * targetStride));
        Avx.Permute2x128(f2, f6, highHalves).Store(target + (6 * targetStride));
        Avx.Permute2x128(f3, f7, highHalves).Store(target + (7 * targetStride));
    }
}
