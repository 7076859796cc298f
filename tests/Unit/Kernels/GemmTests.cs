using System.Runtime.InteropServices;
using Pipeline.Kernels;
using Pipeline.Kernels.Simd;

namespace Pipeline.Unit.Kernels;

/// <summary>Every form of the product at every width that .NET can run, whether the processor has it or not.</summary>
public sealed unsafe class GemmTests
{
    /// <summary>Rows, columns, depth: the ends of every block, and one shape with several tiles and blocks of the depth.</summary>
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 1, 1, 1 }, { 7, 7, 7 }, { 8, 8, 8 }, { 33, 33, 33 },
        { 12, 32, 256 }, { 13, 17, 257 }, { 1, 40, 5 }, { 23, 1, 300 }, { 5, 16, 1 }, { 11, 9, 2 }, { 341, 143, 513 },
    };

    [Theory, MemberData(nameof(Shapes))]
    public void Forward_is_the_product_with_the_transposed_weights(int m, int n, int k) => AllWidths(m, n, k, isATransposed: false, isBTransposed: true);

    [Theory, MemberData(nameof(Shapes))]
    public void Gradient_of_the_input_is_the_product_with_the_weights(int m, int n, int k) => AllWidths(m, n, k, isATransposed: false, isBTransposed: false);

    [Theory, MemberData(nameof(Shapes))]
    public void Gradient_of_the_weights_is_the_product_with_the_transposed_gradient(int m, int n, int k) =>
        AllWidths(m, n, k, isATransposed: true, isBTransposed: false);

    static void AllWidths(int m, int n, int k, bool isATransposed, bool isBTransposed)
    {
        Check<V128>(m, n, k, isATransposed, isBTransposed);
        Check<V256>(m, n, k, isATransposed, isBTransposed);
        Check<V512>(m, n, k, isATransposed, isBTransposed);
    }

    static void Check<T>(int m, int n, int k, bool isATransposed, bool isBTransposed)
        where T : struct, IVector<T>
    {
        var (a, b, bias, before) = (Numeric.Uniform(m * k, 1), Numeric.Uniform(k * n, 2), Numeric.Uniform(n, 3), Numeric.Uniform(m * n, 4));
        foreach (var (adds, isRelu) in new[] { (false, false), (false, true), (true, false) })
        {
            // Rows of the result lie apart, with a mark between them that must stay.
            var result = new float[m * (n + 1)];
            for (var i = 0; i < result.Length; i++)
            {
                result[i] = i % (n + 1) == n ? 77 : before[(i / (n + 1) * n) + (i % (n + 1))];
            }

            fixed (float* pa = a, pb = b, pbias = bias, presult = result)
            {
                var product = new Product
                {
                    A = isATransposed ? new(pa, k, m, m) : new(pa, m, k, k),
                    IsATransposed = isATransposed,
                    B = isBTransposed ? new(pb, n, k, k) : new(pb, k, n, n),
                    IsBTransposed = isBTransposed,
                    Bias = adds ? null : pbias,
                    Adds = adds,
                    IsRelu = isRelu,
                    Result = new(presult, m, n, n + 1),
                };
                Run<T>(product);
            }

            for (var row = 0; row < m; row++)
            {
                Assert.Equal(77, result[(row * (n + 1)) + n]);
                for (var column = 0; column < n; column++)
                {
                    var (sum, magnitude) = adds ? ((double)before[(row * n) + column], Math.Abs(before[(row * n) + column])) : (bias[column], Math.Abs(bias[column]));
                    for (var i = 0; i < k; i++)
                    {
                        var term = (double)a[isATransposed ? (i * m) + row : (row * k) + i] * b[isBTransposed ? (column * k) + i : (i * n) + column];
                        sum += term;
                        magnitude += (float)Math.Abs(term);
                    }

                    // Each of k + 1 roundings is off by at most 2^-24 of what has been summed so far; twice that without a fused multiply-add.
                    var allowed = 2 * (k + 1) * Math.Pow(2, -24) * magnitude;
                    var expected = isRelu ? Math.Max(sum, 0) : sum;
                    Assert.True(Math.Abs(expected - result[(row * (n + 1)) + column]) <= allowed, $"[{row}, {column}] of {m} x {n} x {k}, {typeof(T).Name}");
                }
            }
        }
    }

    static void Run<T>(in Product product)
        where T : struct, IVector<T>
    {
        var scratch = (float*)NativeMemory.AlignedAlloc(Gemm.ScratchFloats * sizeof(float), 64);
        new Span<float>(scratch, Gemm.ScratchFloats).Fill(float.NaN);
        var grid = TileGrid.Of<T>(product);
        for (var tile = grid.Count - 1; tile >= 0; tile--)
        {
            Gemm.RunTile<T>(product, grid, tile, scratch);
        }

        NativeMemory.AlignedFree(scratch);
    }
}
