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
/// <remarks>
/// A tile packs what it reads of B, so it has many rows; it has fewer columns where there would otherwise be too few tiles for the cores.
/// </remarks>
readonly record struct TileGrid(int RowTiles, int ColumnTiles, int TileRows, int TileColumns)
{
    public const int MostColumns = 128;
    public const int MostRows = 168;
    const int FewestColumns = 32;
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
        var (rows, columns) = (product.Result.Rows, product.Result.Columns);
        var rowTiles = Ceiling(rows, MostRows);
        var tileRows = Ceiling(Ceiling(rows, rowTiles), Gemm.MicroRows<T>()) * Gemm.MicroRows<T>();
        rowTiles = Ceiling(rows, tileRows);
        var tileColumns = MostColumns;
        while (tileColumns > FewestColumns && rowTiles * Ceiling(columns, tileColumns) < EnoughTiles)
        {
            tileColumns /= 2;
        }

        return new TileGrid(rowTiles, Ceiling(columns, tileColumns), tileRows, tileColumns);
    }

    static int Ceiling(int a, int b) => (a + b - 1) / b;
}
