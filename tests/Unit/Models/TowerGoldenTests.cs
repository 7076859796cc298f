using Pipeline.Kernels;
using Pipeline.Kernels.Cpu;
using Pipeline.Models;
using Pipeline.Models.Layers;

namespace Pipeline.Unit.Models;

public class TowerGoldenTests
{
    // PyTorch itself, run in float32, is 1.6e-6 of a gradient's largest entry away from these float64 numbers; sums are ordered
    // differently here, so ten times that.
    const float Tolerance = 2e-5f;

    [Theory]
    [InlineData("mamba-tower")]
    [InlineData("mamba-wide-tower")]
    [InlineData("transformer-tower")]
    public void Tower_gives_the_embedding_and_every_gradient_that_PyTorch_gives(string name)
    {
        var golden = new GoldenModel(name);
        var table = golden.Table("user");
        using var kernels = new CpuKernels(2);
        var parameters = new ParameterBlock();
        var tower = new Tower(
            new LayerScope(kernels, parameters, 1, table.Count, table.Spec.Tokens, "user."), golden.Options, table.Spec);
        parameters.Allocate(kernels, 1, isTrained: true);
        golden.WriteParameters(kernels, parameters.Parameters);
        var feed = new FeatureFeed(kernels, table.Spec, 1, table.Count);
        feed.Load(0, table, [.. Enumerable.Range(0, table.Count)]);

        var embedding = tower.Forward(feed.Numeric, feed.Categories, table.Count);
        AssertClose("embedding", golden.File.Tensors["embedding"].Floats, Read(kernels, embedding));

        var dembedding = kernels.Allocate(1, table.Count, embedding.Columns);
        kernels.Write(golden.File.Tensors["dembedding"].Floats, dembedding);
        tower.Backward(dembedding);
        foreach (var parameter in parameters.Parameters)
        {
            AssertClose(parameter.Name, golden.File.Tensors[$"grad.{parameter.Name}"].Floats, Read(kernels, parameter.Gradient));
        }
    }

    internal static float[] Read(IKernels kernels, Tensor tensor)
    {
        var values = new float[tensor.Rows * tensor.Columns];
        kernels.Read(tensor, values);
        return values;
    }

    internal static void AssertClose(string name, float[] expected, float[] actual, float tolerance = Tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        var largest = expected.Max(MathF.Abs);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(
                MathF.Abs(expected[i] - actual[i]) <= tolerance * largest + 1e-7f,
                $"{name}[{i}]: expected {expected[i]:g9}, found {actual[i]:g9}; the largest entry is {largest:g4}.");
        }
    }
}
