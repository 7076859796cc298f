using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Pipeline.Kernels.Simd;

namespace Pipeline.Kernels;

/// <summary>result = activation(A B + bias), or result += A B; cut into tiles of the result that can be made in any order.</summary>
/// <remarks>
/// Source: Goto and van de Geijn 2008, "Anatomy of high-performance matrix multiplication". A tile goes through the depth in blocks of at most
/// <see cref="DepthBlock"/>, and through its columns in panels of one or two vectors, over whose rows it runs <see cref="MicroKernel"/>: the panel stays in the
/// first cache and the rows of A stream past it. Only a transposed B is packed beforehand. Any other panel is packed by the first rows that read it, and
/// a transposed A, whose columns would fall on the same cache sets, by the first panel. An element sums each block from its first product to its last and adds
/// the blocks in order: neither the tiles nor who makes them can be seen in its bits.
/// </remarks>
static unsafe class Gemm
{
    const int DepthBlock = 256;
    const int MostPanelColumns = 32;
    const int LineFloats = 16;

    /// <summary>Floats of scratch memory that a tile needs, whatever its size.</summary>
    public const int ScratchFloats = PanelFloats + EdgeFloats + (DepthBlock * TileGrid.MostRows);

    const int PanelFloats = DepthBlock * MostPanelColumns;
    const int EdgeFloats = (12 + 1) * MostPanelColumns;

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
        var (row, rows, column, columns) = grid.Tile(tile);
        var target = product.Result.Block(row, rows).Strip(column, columns);
        var bias = product.Bias == null ? null : product.Bias + column;
        var blocks = Math.Max(1, (product.Depth + DepthBlock - 1) / DepthBlock);
        for (var block = 0; block < blocks; block++)
        {
            var k = (int)((long)product.Depth * block / blocks);
            var depth = (int)((long)product.Depth * (block + 1) / blocks) - k;
            var a = product.IsATransposed ? product.A.Block(k, depth).Strip(row, rows) : product.A.Block(row, rows).Strip(k, depth);
            var b = product.IsBTransposed ? product.B.Block(column, columns).Strip(k, depth) : product.B.Block(k, depth).Strip(column, columns);
            var finish = new Finish(block == 0 ? bias : null, product.Adds || block > 0, product.IsRelu && block == blocks - 1);
            for (var c = 0; c < columns; c += 2 * T.Width)
            {
                var panel = new Panel(
                    product.IsBTransposed ? b.Block(c, 2 * T.Width) : b.Strip(c, 2 * T.Width), product.IsBTransposed,
                    target.Strip(c, 2 * T.Width), finish with { Bias = finish.Bias == null ? null : finish.Bias + c });
                var order = !product.IsATransposed ? Order.Rows : c > 0 ? Order.Packed : columns > 2 * T.Width ? Order.Packs : Order.Columns;
                if (panel.Target.Columns > T.Width)
                {
                    MultiplyPanel<T, Two>(a, order, depth, panel, scratch);
                }
                else
                {
                    MultiplyPanel<T, One>(a, order, depth, panel, scratch);
                }
            }
        }
    }

    /// <summary>Rows of the micro-kernel: what the registers hold.</summary>
    public static int RowStep<T>()
        where T : struct, IVector<T>
        => T.Width switch { 16 => 12, 8 => 6, _ => 4 };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void MultiplyPanel<T, TVectors>(MatrixView a, Order order, int depth, in Panel panel, float* scratch)
        where T : struct, IVector<T>
        where TVectors : struct, IConstant
    {
        var width = TVectors.Value * T.Width;
        var edge = scratch + PanelFloats;
        var packedA = edge + EdgeFloats;
        var target = panel.Target;
        var isWhole = target.Columns == width;
        var finish = panel.Finish;
        if (!isWhole)
        {
            // The sums of a part of a panel are made beside the result, which has no room for them.
            finish = new Finish(finish.Bias == null ? null : edge + (12 * width), false, false);
            if (finish.Bias != null)
            {
                new Span<float>(finish.Bias, width).Clear();
                new Span<float>(panel.Finish.Bias, target.Columns).CopyTo(new Span<float>(finish.Bias, width));
            }
        }

        var b = new MicroPanel(scratch, width, null);
        if (panel.IsTransposed)
        {
            Packing.Transposed(panel.B, width, scratch);
        }
        else if (!isWhole)
        {
            Packing.Padded(panel.B, width, scratch);
        }
        else
        {
            b = new MicroPanel(panel.B.Data, panel.B.Stride, target.Rows > RowStep<T>() ? scratch : null);
        }

        for (int row = 0, rows; row < target.Rows; row += rows)
        {
            rows = NextRows<T>(target.Rows - row);
            var packed = packedA + ((long)row * depth);
            var micro = order switch
            {
                Order.Rows => new MicroRows(a.Row(row), a.Stride, 1, null),
                Order.Packed => new MicroRows(packed, 1, rows, null),
                Order.Packs => new MicroRows(a.Data + row, 1, a.Stride, packed),
                _ => new MicroRows(a.Data + row, 1, a.Stride, null),
            };
            var block = target.Block(row, rows);
            var c = isWhole ? block : new MatrixView(edge, rows, width, width);
            Prefetch(block);
            MultiplyRows<T, TVectors>(micro, depth, b, c, finish);
            if (!isWhole)
            {
                CopyEdge(c, block, panel.Finish);
            }

            if (b.Copy != null)
            {
                b = new MicroPanel(scratch, width, null);
            }
        }
    }

    /// <summary>Asks for what the sums will be written to, so that it is in the cache when they are made.</summary>
    static void Prefetch(MatrixView block)
    {
        if (Sse.IsSupported)
        {
            for (var row = 0; row < block.Rows; row++)
            {
                for (var c = 0; c < block.Columns; c += LineFloats)
                {
                    Sse.Prefetch0(block.Row(row) + c);
                }
            }
        }
    }

    /// <summary>Rows that the micro-kernel takes next: as many as it holds, but 16 as twice 8, for 4 would wait for their own sums.</summary>
    static int NextRows<T>(int left)
        where T : struct, IVector<T>
    {
        if (left >= RowStep<T>() && !(T.Width == 16 && left == 16))
        {
            return RowStep<T>();
        }

        return T.Width == 16 && left >= 8 ? 8 : T.Width == 16 && left >= 6 ? 6 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
    }

    /// <summary>The most rows, up to so many, that the micro-kernel takes at once.</summary>
    public static int FewRows<T>(int rows)
        where T : struct, IVector<T> => rows >= RowStep<T>() ? RowStep<T>() : NextRows<T>(rows);

    /// <param name="c">As many rows as <see cref="FewRows{T}"/> gives for some number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MultiplyRows<T, TVectors>(in MicroRows a, int depth, in MicroPanel b, MatrixView c, in Finish finish)
        where T : struct, IVector<T>
        where TVectors : struct, IConstant
    {
        if (T.Width == 16 && c.Rows == 12)
        {
            MicroKernel.Run<T, Twelve, TVectors>(depth, a, b, finish, c.Data, c.Stride);
        }
        else if (T.Width == 16 && c.Rows == 8)
        {
            MicroKernel.Run<T, Eight, TVectors>(depth, a, b, finish, c.Data, c.Stride);
        }
        else if (T.Width >= 8 && c.Rows == 6)
        {
            MicroKernel.Run<T, Six, TVectors>(depth, a, b, finish, c.Data, c.Stride);
        }
        else if (c.Rows == 4)
        {
            MicroKernel.Run<T, Four, TVectors>(depth, a, b, finish, c.Data, c.Stride);
        }
        else if (c.Rows == 2)
        {
            MicroKernel.Run<T, Two, TVectors>(depth, a, b, finish, c.Data, c.Stride);
        }
        else
        {
            MicroKernel.Run<T, One, TVectors>(depth, a, b, finish, c.Data, c.Stride);
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

    /// <summary>How the rows of A are read.</summary>
    enum Order
    {
        /// <summary>Row by row, where they lie.</summary>
        Rows,

        /// <summary>A lies transposed.</summary>
        Columns,

        /// <summary>A lies transposed; packs it on the way.</summary>
        Packs,

        /// <summary>As packed by the panel before.</summary>
        Packed,
    }

    /// <summary>One or two vectors of columns of a block of the depth, and what becomes of their sums.</summary>
    readonly struct Panel(MatrixView b, bool isTransposed, MatrixView target, in Finish finish)
    {
        public readonly MatrixView B = b;
        public readonly bool IsTransposed = isTransposed;
        public readonly MatrixView Target = target;
        public readonly Finish Finish = finish;
    }
}
