using Pipeline.Features;
using Pipeline.Kernels.Cpu;
using Pipeline.Models;
using Pipeline.Models.Towers;

namespace Pipeline.Unit.Models;

public class TableEmbedderTests
{
    // 128 rows of a batch are two and a half batches.
    const int Rows = 320;

    static readonly FeatureSpec Features = new(["age"], [new CategoryFeature("club", 3)]);

    static readonly EncodedTable Table = new(
        Features, [.. Enumerable.Range(0, Rows).Select(row => $"{row}")], null,
        [.. Enumerable.Range(0, Rows).Select(row => row / 100f)], [.. Enumerable.Range(0, Rows).Select(row => row % 3)]);

    [Theory]
    [InlineData("mamba")]
    [InlineData("transformer")]
    public void Rows_become_the_same_bytes_on_any_number_of_threads_and_in_any_batch(string name)
    {
        var options = Small(name);
        int[] rows = [.. Enumerable.Range(0, Rows).Reverse()];
        float[] one = Embed(options, 1, rows), three = Embed(options, 3, rows);
        Assert.Equal(one, three);

        using var kernels = new CpuKernels(2);
        var model = new TwoTower(kernels, options, Features, Features, 1, 7, isTrained: true);
        model.Parameters.Initialise(kernels, 0, 1);
        Assert.Equal(new Embedder(kernels, model).Users(Table, rows), one);
    }

    [Fact]
    public void Nothing_is_embedded_where_no_rows_are_asked_for() => Assert.Empty(Embed(Small("mamba"), 2, []));

    [Theory]
    [InlineData("mamba")]
    [InlineData("transformer")]
    public void Model_that_only_scores_refuses_to_be_differentiated(string name)
    {
        using var kernels = new CpuKernels(1);
        var model = new TwoTower(kernels, Small(name), Features, Features, 1, 4, isTrained: false);

        Assert.Throws<InvalidOperationException>(model.Differentiate);
    }

    static float[] Embed(ITowerOptions options, int threads, int[] rows)
    {
        using var embedder = new TableEmbedder(options, Features, Features, threads);
        embedder.Parameters.Initialise(embedder.Kernels, 0, 1);
        return embedder.Users(Table, rows);
    }

    static ITowerOptions Small(string name) => name == "mamba"
        ? new MambaOptions { TokenWidth = 16, Layers = 2 }
        : new TransformerOptions { TokenWidth = 16, FeedForwardWidth = 32 };
}
