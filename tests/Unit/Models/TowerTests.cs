using Pipeline.Features;
using Pipeline.Kernels.Cpu;
using Pipeline.Models;
using Pipeline.Models.Layers;
using Pipeline.Models.Towers;

namespace Pipeline.Unit.Models;

public class TowerTests
{
    [Theory]
    // 4 x (in 65,536 + conv 4,352 + x 10,240 + dt 2,304 + A 4,096 + D 256 + out 32,768 + norm 256) = 4 x 119,808
    [InlineData("mamba", 479_232)]
    // 2 x (attention 49,536 + 16,512, feed-forward 264,192 + 262,272, norms 512) = 2 x 593,024
    [InlineData("transformer", 1_186_048)]
    public void Layers_have_exactly_the_papers_parameters(string name, long expected)
    {
        using var kernels = new CpuKernels(1);
        var parameters = new ParameterBlock();
        var options = AllTowers.List.Single(tower => tower.Name == name);
        options.BuildLayers(new LayerScope(kernels, parameters, 1, 1, 3, ""));

        Assert.Equal(expected, parameters.Count);
    }

    /// <summary>Widths that all differ, so that no two terms can be confused.</summary>
    public static TheoryData<ITowerOptions> OddTowers => new(
        new MambaOptions { TokenWidth = 24, Layers = 3, Expand = 3, StateWidth = 5, ConvolutionWidth = 7 },
        new TransformerOptions { TokenWidth = 24, Layers = 3, Heads = 2, FeedForwardWidth = 11 });

    [Theory]
    [MemberData(nameof(OddTowers))]
    public void Parameters_counted_beforehand_are_those_of_the_layers(ITowerOptions options)
    {
        using var kernels = new CpuKernels(1);
        var parameters = new ParameterBlock();
        options.BuildLayers(new LayerScope(kernels, parameters, 1, 1, 3, ""));

        Assert.Equal(parameters.Count, options.LayerParameters);
    }

    [Fact]
    public void Index_of_towers_is_complete()
    {
        var kinds = typeof(ITowerOptions).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(ITowerOptions)));

        Assert.Equal(
            kinds.Select(type => type.Name).Order(StringComparer.Ordinal),
            AllTowers.List.Select(tower => tower.GetType().Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Token_width_that_heads_do_not_divide_is_refused_with_the_nearest_that_fit()
    {
        var (path, message) = Assert.Single(new TransformerOptions { TokenWidth = 129 }.Check());

        Assert.Equal("tokenWidth is 129; it must be a multiple of heads (2). Nearest: 128 or 130.", $"{path} {message}");
    }

    [Theory]
    [InlineData("mamba")]
    [InlineData("transformer")]
    public void Width_192_of_the_papers_text_builds_and_embeds(string name)
    {
        ITowerOptions options = name == "mamba" ? new MambaOptions { TokenWidth = 192 } : new TransformerOptions { TokenWidth = 192 };
        var features = new FeatureSpec(["age"], [new CategoryFeature("club", 3)]);
        using var kernels = new CpuKernels(1);
        var model = new TwoTower(kernels, options, features, features, 1, 2, isTrained: false);
        model.Parameters.Initialise(kernels, 0, 1);

        var embeddings = new Embedder(kernels, model).Users(new EncodedTable(features, ["a", "b"], null, [0.5f, -1], [0, 2]), [0, 1]);

        Assert.Equal(2 * 32, embeddings.Length);
        Assert.All(embeddings, value => Assert.True(float.IsFinite(value)));
    }
}
