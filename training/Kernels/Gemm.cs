using System.Runtime.CompilerServices;
using Pipeline.Kernels.Simd;

namespace Pipeline.Kernels;

/// <summary>result = activation(A B + bias), or result += A B; cut into tiles of the result that can be made in any order.</summary>
/// <remarks>
/// Source: Goto and van de Geijn 2008, "Anatomy of high-performance matrix multiplication". A tile goes through the depth in blocks of
/// <see cref="DepthBlock"/>: it packs that block of B into panels of one or two vectors, then runs <see cref="MicroKernel"/> over its rows, panel by panel,
/// so that a panel stays in the first cache and the rows of A stream past it. A is read where it lies; only a transposed A, whose columns would fall on the
/// same cache sets, is packed too. An element sums each block from its first product to its last and adds the blocks in order: neither the tiles nor who
/// makes them can be seen in its bits.
/// </remarks>
static unsafe class Gemm
{
    const int DepthBlock = 256;

    /// <summary>Floats of scratch memory that a tile needs, whatever its size.</summary>
    public const int ScratchFloats = (DepthBlock * TileGrid.MostColumns) + (DepthBlock * TileGrid.MostRows) + EdgeFloats;

    const int EdgeFloats = (12 * 32) + 32;

    public static void RunTile(in Product product, in TileGrid grid, int tile, float* scratch)
    {
        switch (SimdLevel.Width)
        {
            case 16:
                RunTile<V512>(product, grid, tile, scratch);
                break;
            case 8:
                RunTile<V256>(product, grid, tile, scratch);
                break;
            default:
                RunTile<V128>(product, grid, tile, scratch);
                break;
        }
    }

    /// <param name="tile">0 .. grid.Count - 1</param>
    /// <param name="scratch"><see cref="ScratchFloats"/>, aligned to 64 bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RunTile<T>(in Product product, in TileGrid grid, int tile, float* scratch)
        where T : struct, IVector<T>
    {
        var (tileRow, tileColumn) = Math.DivRem(tile, grid.ColumnTiles);
        var (row, column) = (tileRow * grid.TileRows, tileColumn * grid.TileColumns);
        var target = product.Result.Block(row, grid.TileRows).Strip(column, grid.TileColumns);
        var bias = product.Bias == null ? null : product.Bias + column;
        var packedA = scratch + (DepthBlock * TileGrid.MostColumns);
        for (var k = 0; k < product.Depth; k += DepthBlock)
        {
            var depth = Math.Min(DepthBlock, product.Depth - k);
            PackB<T>(product.IsBTransposed
                ? product.B.Block(column, target.Columns).Strip(k, depth)
                : product.B.Block(k, depth).Strip(column, target.Columns), product.IsBTransposed, depth, scratch);

            var a = new Rows(product.A.Row(row) + k, product.A.Stride, 1, MicroRows<T>() * product.A.Stride);
            if (product.IsATransposed)
            {
                Packing.Panels<T>(product.A.Block(k, depth).Strip(row, target.Rows), MicroRows<T>(), MicroRows<T>(), packedA);
                a = new Rows(packedA, 1, MicroRows<T>(), MicroRows<T>() * depth);
            }

            var isLast = k + depth == product.Depth;
            var finish = new Finish(k == 0 ? bias : null, product.Adds || k > 0, product.IsRelu && isLast);
            MultiplyPanels<T>(a, depth, scratch, target, finish, packedA + (DepthBlock * TileGrid.MostRows));
        }
    }

    /// <summary>Rows of the micro-kernel: what the registers hold.</summary>
    public static int MicroRows<T>()
        where T : struct, IVector<T>
        => T.Width switch { 16 => 12, 8 => 6, _ => 4 };

    static void MultiplyPanels<T>(in Rows a, int depth, float* b, MatrixView target, in Finish finish, float* edge)
        where T : struct, IVector<T>
    {
        for (var column = 0; column < target.Columns; column += 2 * T.Width)
        {
            var panel = b + ((long)column * depth);
            var strip = target.Strip(column, 2 * T.Width);
            var bias = finish.Bias == null ? null : finish.Bias + column;
            if (strip.Columns > T.Width)
            {
                MultiplyPanel<T, Two>(a, depth, panel, strip, finish with { Bias = bias }, edge);
            }
            else
            {
                MultiplyPanel<T, One>(a, depth, panel, strip, finish with { Bias = bias }, edge);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void MultiplyPanel<T, TVectors>(in Rows a, int depth, float* panel, MatrixView target, in Finish finish, float* edge)
        where T : struct, IVector<T>
        where TVectors : struct, IConstant
    {
        var width = TVectors.Value * T.Width;
        var edgeBias = edge + (12 * width);
        if (target.Columns < width && finish.Bias != null)
        {
            new Span<float>(edgeBias, width).Clear();
            new Span<float>(finish.Bias, target.Columns).CopyTo(new Span<float>(edgeBias, width));
        }

        var step = MicroRows<T>();
        for (var row = 0; row < target.Rows; row += step)
        {
            var micro = a.Data + ((row / step) * a.MicroStride);
            var block = target.Block(row, step);
            if (target.Columns == width)
            {
                MultiplyRows<T, TVectors>(micro, a, depth, panel, block, finish);
                continue;
            }

            var square = new MatrixView(edge, block.Rows, width, width);
            MultiplyRows<T, TVectors>(micro, a, depth, panel, square, new Finish(finish.Bias == null ? null : edgeBias, false, false));
            CopyEdge(square, block, finish);
        }
    }

    /// <summary>A block of at most as many rows as the micro-kernel has; fewer are made of 8, 4, 2 and 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void MultiplyRows<T, TVectors>(float* a, in Rows layout, int depth, float* panel, MatrixView c, in Finish finish)
        where T : struct, IVector<T>
        where TVectors : struct, IConstant
    {
        if (T.Width == 16 && c.Rows == 12)
        {
            MicroKernel.Run<T, Twelve, TVectors>(depth, a, layout.Row, layout.Step, panel, finish.Bias, c.Data, c.Stride, finish.Adds, finish.IsRelu);
            return;
        }

        if (T.Width == 8 && c.Rows == 6)
        {
            MicroKernel.Run<T, Six, TVectors>(depth, a, layout.Row, layout.Step, panel, finish.Bias, c.Data, c.Stride, finish.Adds, finish.IsRelu);
            return;
        }

        var row = 0;
        if (T.Width == 16 && c.Rows >= 8)
        {
            MicroKernel.Run<T, Eight, TVectors>(depth, a, layout.Row, layout.Step, panel, finish.Bias, c.Data, c.Stride, finish.Adds, finish.IsRelu);
            row = 8;
        }

        if (c.Rows - row >= 4)
        {
            MicroKernel.Run<T, Four, TVectors>(
                depth, a + (row * layout.Row), layout.Row, layout.Step, panel, finish.Bias, c.Row(row), c.Stride, finish.Adds, finish.IsRelu);
            row += 4;
        }

        if (c.Rows - row >= 2)
        {
            MicroKernel.Run<T, Two, TVectors>(
                depth, a + (row * layout.Row), layout.Row, layout.Step, panel, finish.Bias, c.Row(row), c.Stride, finish.Adds, finish.IsRelu);
            row += 2;
        }

        if (c.Rows - row == 1)
        {
            MicroKernel.Run<T, One, TVectors>(
                depth, a + (row * layout.Row), layout.Row, layout.Step, panel, finish.Bias, c.Row(row), c.Stride, finish.Adds, finish.IsRelu);
        }
    }

    static void CopyEdge(MatrixView square, MatrixView target, in Finish finish)
    {
        for (var row = 0; row < target.Rows; row++)
        {
            var from = new ReadOnlySpan<float>(square.Row(row), target.Columns);
            var to = new Span<float>(target.Row(row), target.Columns);
            for (var c = 0; c < to.Length; c++)
            {
                var value = finish.Adds ? to[c] + from[c] : from[c];
                to[c] = finish.IsRelu ? MathF.Max(value, 0) : value;
            }
        }
    }

    /// <summary>Panels of two vectors side by side; a last one of one vector where that is enough.</summary>
    static void PackB<T>(MatrixView source, bool isTransposed, int depth, float* packed)
        where T : struct, IVector<T>
    {
        var width = 2 * T.Width;
        if (!isTransposed)
        {
            var last = (source.Columns - 1) % width < T.Width ? T.Width : width;
            Packing.Panels<T>(source, width, last, packed);
            return;
        }

        for (var column = 0; column < source.Rows; column += width)
        {
            var panel = source.Block(column, width);
            Packing.Transposed(panel, panel.Rows > T.Width ? width : T.Width, packed + ((long)column * depth));
        }
    }

    /// <summary>How A lies: element (row, k) of the n-th micro block at Data[n MicroStride + row Row + k Step].</summary>
    readonly struct Rows(float* data, nint row, nint step, nint microStride)
    {
        public readonly float* Data = data;
        public readonly nint Row = row;
        public readonly nint Step = step;
        public readonly nint MicroStride = microStride;
    }

    /// <summary>What becomes of the sums of a block of the depth.</summary>
    readonly struct Finish(float* bias, bool adds, bool isRelu)
    {
        public float* Bias { get; init; } = bias;

        public bool Adds { get; } = adds;

        public bool IsRelu { get; } = isRelu;
    }
}
