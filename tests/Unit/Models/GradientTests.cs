using Pipeline.Features;
using Pipeline.Kernels;
using Pipeline.Kernels.Cpu;
using Pipeline.Models;
using Pipeline.Models.Layers;
using Pipeline.Models.Towers;
using Pipeline.Stages;

namespace Pipeline.Unit.Models;

/// <summary>Every layer and tower against central differences: the slope along a random direction of each parameter and of the input.</summary>
public class GradientTests
{
    const int Batch = 3, Width = 6;

    static readonly MambaOptions Mamba = new() { TokenWidth = Width, Layers = 2, StateWidth = 3, ConvolutionWidth = 4, Head = new() { HiddenWidth = 5, EmbeddingWidth = 4 } };

    static readonly TransformerOptions Transformer = new()
    {
        TokenWidth = Width,
        Layers = 2,
        Heads = 2,
        FeedForwardWidth = 9,
        Head = new() { HiddenWidth = 5, EmbeddingWidth = 4 },
    };

    public static TheoryData<string, int, bool> Layers()
    {
        var data = new TheoryData<string, int, bool>();
        foreach (var kind in new[] { "mamba", "transformer" })
        {
            foreach (var tokens in new[] { 1, 7, 8, 33 })
            {
                data.Add(kind, tokens, false);
                data.Add(kind, tokens, true);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Backward_of_a_layer_is_the_slope_of_its_forward(string kind, int tokens, bool isLastTokenOnly)
    {
        using var kernels = new CpuKernels(2);
        var parameters = new ParameterBlock();
        var scope = new LayerScope(kernels, parameters, 1, Batch, tokens, "");
        ILayer layer = kind == "mamba" ? new MambaLayer(scope, Mamba, isLastTokenOnly) : new TransformerLayer(scope, Transformer, isLastTokenOnly);
        parameters.Allocate(kernels, 1, isTrained: true);
        parameters.Initialise(kernels, 0, 4);
        var x = kernels.Allocate(1, Batch * tokens, Width);
        kernels.Write(Normalish("x", x.Rows * Width), x);

        var check = new SlopeCheck(kernels, () => layer.Forward(x), (Batch * (isLastTokenOnly ? 1 : tokens), Width));
        var dx = TowerGoldenTests.Read(kernels, layer.Backward(check.OutputGradient()));
        check.AssertSlope("x", x, dx);
        foreach (var parameter in parameters.Parameters)
        {
            check.AssertSlope(parameter.Name, parameter.Value, TowerGoldenTests.Read(kernels, parameter.Gradient));
        }
    }

    [Theory]
    [InlineData("mamba", 0)]
    [InlineData("mamba", 6)]
    [InlineData("mamba", 32)]
    [InlineData("transformer", 0)]
    [InlineData("transformer", 6)]
    [InlineData("transformer", 32)]
    public void Backward_of_a_tower_is_the_slope_of_its_forward(string kind, int numericFeatures)
    {
        var options = kind == "mamba" ? (ITowerOptions)Mamba : Transformer;
        var features = new FeatureSpec([.. Enumerable.Range(0, numericFeatures).Select(j => $"n{j}")], [new CategoryFeature("c", 4)]);
        using var kernels = new CpuKernels(2);
        var parameters = new ParameterBlock();
        var tower = new Tower(new LayerScope(kernels, parameters, 1, Batch, features.Tokens, ""), options, features);
        parameters.Allocate(kernels, 1, isTrained: true);
        parameters.Initialise(kernels, 0, 5);
        var table = new EncodedTable(features, ["a", "b", "c"], null, Normalish("n", Batch * numericFeatures), [3, 0, 3]);
        var feed = new FeatureFeed(kernels, features, 1, Batch);
        feed.Load(0, table, [0, 1, 2]);

        var check = new SlopeCheck(kernels, () => tower.Forward(feed.Numeric, feed.Categories, Batch), (Batch, 4));
        tower.Backward(check.OutputGradient());
        foreach (var parameter in parameters.Parameters)
        {
            check.AssertSlope(parameter.Name, parameter.Value, TowerGoldenTests.Read(kernels, parameter.Gradient));
        }
    }

    static float[] Normalish(string name, int count)
    {
        var chance = new RandomStream(8, name);
        return [.. Enumerable.Range(0, count).Select(_ => chance.NextFloat() + chance.NextFloat() + chance.NextFloat() - 1.5f)];
    }

    /// <summary>loss = sum of y times fixed weights; its slope along a direction by central differences and by the gradient.</summary>
    sealed class SlopeCheck(IKernels kernels, Func<Tensor> forward, (int Rows, int Columns) output)
    {
        readonly float[] weights = Normalish("dy", output.Rows * output.Columns);

        /// <summary>Runs forward once, so that a backward may follow.</summary>
        public Tensor OutputGradient()
        {
            forward();
            var dy = kernels.Allocate(1, output.Rows, output.Columns);
            kernels.Write(weights, dy);
            return dy;
        }

        public void AssertSlope(string name, Tensor at, float[] gradient)
        {
            var direction = Normalish($"direction {name}", gradient.Length);
            var original = TowerGoldenTests.Read(kernels, at);
            double expected = 0, size = 0;
            for (var i = 0; i < gradient.Length; i++)
            {
                expected += (double)gradient[i] * direction[i];
                size += (double)gradient[i] * gradient[i];
            }

            // The step that balances truncation (h²) against the rounding of a float32 forward (1e-7 / h) is near its cube root, 5e-3.
            // A ReLU may switch within the step, so the smaller of two steps' errors counts; 2 % of the gradient's length is far
            // below what a wrong factor, sign or index makes.
            var error = new[] { 4e-3f, 1e-3f }.Min(h => Math.Abs((Loss(at, original, direction, h) - Loss(at, original, direction, -h)) / (2 * h) - expected));
            kernels.Write(original, at);
            Assert.True(error <= 0.02 * Math.Sqrt(size) + 2e-3, $"{name}: slope {expected:g6} is off by {error:g3}; the gradient's length is {Math.Sqrt(size):g4}.");
        }

        double Loss(Tensor at, float[] original, float[] direction, float h)
        {
            kernels.Write([.. original.Select((value, i) => value + h * direction[i])], at);
            var y = TowerGoldenTests.Read(kernels, forward());
            return y.Select((value, i) => (double)value * weights[i]).Sum();
        }
    }
}
