using Pipeline.Kernels;

namespace Pipeline.Unit.Kernels;

public sealed class AdamTests
{
    static readonly AdamRates rates = new(LearningRate: 0.01);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(33)]
    [InlineData((1 << 17) + 33)]
    public void Five_steps_equal_the_algorithm_in_double(int count)
    {
        using var scene = new Scene();
        var (parameters, gradients) = (scene.Input(1, count, 1), scene.Input(1, count, 2));
        var (first, second) = (scene.Input(1, count, 3), scene.Input(1, count, 4));
        scene.Kernels.Clear(first);
        scene.Kernels.Clear(second);
        var (p, m, v) = (scene.ReadDouble(parameters), new double[count], new double[count]);
        for (var step = 1; step <= 5; step++)
        {
            var g = Numeric.Uniform(count, 10 + step);
            scene.Kernels.Write(g, gradients);
            scene.Kernels.AdamStep(parameters, gradients, first, second, rates, step);
            for (var i = 0; i < count; i++)
            {
                m[i] = (0.9 * m[i]) + (0.1 * g[i]);
                v[i] = (0.999 * v[i]) + (0.001 * g[i] * g[i]);
                p[i] -= 0.01 * (m[i] / (1 - Math.Pow(0.9, step))) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.999, step))) + 1e-8);
            }
        }

        // Five roundings of numbers below 1 to 6e-8.
        Numeric.Close(p, scene.Read(parameters), 1e-6);
        Numeric.Close(m, scene.Read(first), 1e-6);
        Numeric.Close(v, scene.Read(second), 1e-6);
    }

    [Fact]
    public void First_step_is_the_learning_rate_against_the_sign_of_the_gradient()
    {
        // Corrected, m is g and v is g²: each parameter moves by 0.01 g / |g|, whatever the size of g.
        using var scene = new Scene();
        var (parameters, gradients) = (scene.Input(1, 3, 1), scene.Input(1, 3, 2));
        var (first, second) = (scene.Input(1, 3, 3), scene.Input(1, 3, 4));
        scene.Kernels.Write([1, 1, 1], parameters);
        scene.Kernels.Write([0.001f, -5, 0], gradients);
        scene.Kernels.Clear(first);
        scene.Kernels.Clear(second);
        scene.Kernels.AdamStep(parameters, gradients, first, second, rates, 1);

        // Epsilon is 1e-5 of the smallest gradient.
        Numeric.Close([0.99, 1.01, 1], scene.Read(parameters), 1e-6);
    }

    [Fact]
    public void Step_zero_is_refused()
    {
        using var scene = new Scene();
        var x = scene.Input(1, 3, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => scene.Kernels.AdamStep(x, x, x, x, rates, 0));
    }
}
