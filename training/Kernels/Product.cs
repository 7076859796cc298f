using Pipeline.Kernels.Simd;

namespace Pipeline.Kernels;

/// <summary>What a product multiplies and where it goes: result = relu(A B + bias), or result += A B.</summary>
readonly unsafe struct Product
{
    /// <summary>[result.Rows, Depth], or [Depth, result.Rows] if transposed.</summary>
    public MatrixView A { get; init; }

    public bool IsATransposed { get; init; }

    /// <summary>[Depth, result.Columns], or [result.Columns, Depth] if transposed.</summary>
    public MatrixView B { get; init; }

    public bool IsBTransposed { get; init; }

    public MatrixView Result { get; init; }

    /// <summary>[result.Columns] or null. Not together with <see cref="Adds"/>.</summary>
    public float* Bias { get; init; }

    /// <summary>Adds to the result instead of overwriting it.</summary>
    public bool Adds { get; init; }

    public bool IsRelu { get; init; }

    public int Depth => IsATransposed ? A.Rows : A.Columns;
}

/// <summary>How the result of a product is cut into tiles: by its shape alone.</summary>
/// <param name="Rows">Of the result.</param>
/// <param name="Columns">Of the result.</param>
/// <param name="RowStep">Tiles begin at multiples of it: the rows of the micro-kernel.</param>
/// <remarks>
/// A tile packs what it reads of a transposed B, so it has many rows and few columns there; it is cut finer where there would otherwise be too few tiles for
/// the cores.
/// Tiles of a row differ by one step at most, and their number is even, so that no thread waits long for another.
/// </remarks>
readonly record struct TileGrid(int Rows, int Columns, int RowTiles, int ColumnTiles, int RowStep)
{
    /// <summary>Of a tile that packs A.</summary>
    public const int MostRows = 168;
    const int MostColumns = 128;
    const int ColumnStep = 32;
    const int EnoughTiles = 8;

    public int Count => RowTiles * ColumnTiles;

    public static TileGrid Of(in Product product) => SimdLevel.Width switch
    {
        16 => Of<V512>(product),
        8 => Of<V256>(product),
        _ => Of<V128>(product),
    };

    public static TileGrid Of<T>(in Product product)
        where T : struct, IVector<T>
    {
        var step = Gemm.RowStep<T>();
        var (rowSteps, columnSteps) = (Ceiling(product.Result.Rows, step), Ceiling(product.Result.Columns, ColumnStep));
        var (mostRows, mostColumns) = product.IsBTransposed ? (2 * MostRows, MostColumns / 2) : (MostRows, MostColumns);
        var (rowTiles, columnTiles) = (Ceiling(rowSteps, mostRows / step), Ceiling(columnSteps, mostColumns / ColumnStep));
        if (rowTiles > 1)
        {
            rowTiles += rowTiles % 2;
        }

        while (rowTiles * columnTiles < EnoughTiles)
        {
            var (rowsLeft, columnsLeft) = (rowSteps / rowTiles, columnSteps / columnTiles);
            if (columnsLeft >= 4 || (columnsLeft >= 2 && (product.IsBTransposed || rowsLeft < 8)))
            {
                columnTiles *= 2;
            }
            else if (rowsLeft >= 4 && !product.IsBTransposed)
            {
                rowTiles *= 2;
            }
            else
            {
                break;
            }
        }

        return new TileGrid(product.Result.Rows, product.Result.Columns, rowTiles, columnTiles, step);
    }

    /// <param name="tile">0 .. Count - 1</param>
    public (int Row, int Rows, int Column, int Columns) Tile(int tile)
    {
        var (tileRow, tileColumn) = Math.DivRem(tile, ColumnTiles);
        var (row, column) = (Start(Rows, RowStep, RowTiles, tileRow), Start(Columns, ColumnStep, ColumnTiles, tileColumn));
        return (row, Start(Rows, RowStep, RowTiles, tileRow + 1) - row, column, Start(Columns, ColumnStep, ColumnTiles, tileColumn + 1) - column);
    }

    static int Start(int length, int step, int tiles, int tile) => Math.Min(length, (int)((long)Ceiling(length, step) * tile / tiles) * step);

    static int Ceiling(int a, int b) => (a + b - 1) / b;
}
