using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Pipeline.Kernels.Simd;

namespace Pipeline.Kernels;

/// <summary>Copies a block of a matrix into the order in which <see cref="MicroKernel"/> reads it. Copies alone: no rounding.</summary>
/// <remarks>A panel may be wider than what is left of the matrix. What lies there then is multiplied too, but its products fall on columns that are dropped.</remarks>
static unsafe class Packing
{
    /// <summary>Cuts a matrix into panels of so many columns: panels[p][k, c] = source[k, p width + c].</summary>
    /// <param name="lastWidth">Columns of the last panel; those past the source's are left as they were.</param>
    /// <param name="panels">[panels][source.Rows, width], one after the other.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Panels<T>(MatrixView source, int width, int lastWidth, float* panels)
        where T : struct, IVector<T>
    {
        // Row by row: rows far apart fall on the same cache sets, so that what is left of a line would be gone by the next panel.
        for (var k = 0; k < source.Rows; k++)
        {
            var row = source.Row(k);
            var panel = panels;
            var left = source.Columns;
            for (; left > width; left -= width, row += width, panel += (long)width * source.Rows)
            {
                CopyWhole<T>(row, panel + ((long)k * width), width);
            }

            CopyPart(row, panel + ((long)k * lastWidth), left);
        }
    }

    /// <summary>The widths that panels have: two vectors for B, the micro-kernel's rows for A.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void CopyWhole<T>(float* source, float* target, int width)
        where T : struct, IVector<T>
    {
        if (width == 2 * T.Width)
        {
            T.Store(T.Load(source), target);
            T.Store(T.Load(source + T.Width), target + T.Width);
            return;
        }

        if (width == 12)
        {
            V256.Store(V256.Load(source), target);
            V128.Store(V128.Load(source + 8), target + 8);
            return;
        }

        // 6 or 4: the second copy overlaps the first, or is the first again.
        V128.Store(V128.Load(source), target);
        V128.Store(V128.Load(source + width - 4), target + width - 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void CopyPart(float* source, float* target, int count)
    {
        var c = 0;
        for (; c + V256.Width <= count; c += V256.Width)
        {
            V256.Store(V256.Load(source + c), target + c);
        }

        for (; c < count; c++)
        {
            target[c] = source[c];
        }
    }

    /// <summary>panel[k, r] = source[r, k]; what lies past the source's rows is left as it was.</summary>
    /// <param name="panel">[source.Columns, width]</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transposed(MatrixView source, int width, float* panel)
    {
        var r = 0;
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
