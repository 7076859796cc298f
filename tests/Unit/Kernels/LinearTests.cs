using Pipeline.Kernels;

namespace Pipeline.Unit.Kernels;

public sealed class LinearTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(33)]
    public void Gradients_equal_central_differences(int size)
    {
        var (rows, inputs, outputs) = (size, size + 1, size + 2);
        using var scene = new Scene();
        var (x, w, bias) = (scene.Input(rows, inputs, 1), scene.Input(outputs, inputs, 2), scene.Input(1, outputs, 3));
        var (y, dy) = (scene.Output(rows, outputs, 4), scene.Input(rows, outputs, 5));
        var (dx, dw, dbias) = (scene.Output(rows, inputs, 6), scene.Output(outputs, inputs, 7), scene.Output(1, outputs, 8));
        var (exactX, exactW, exactBias, exactDy) = (scene.ReadDouble(x), scene.ReadDouble(w), scene.ReadDouble(bias), scene.ReadDouble(dy));
        var (dwBefore, dbiasBefore) = (scene.ReadDouble(dw), scene.ReadDouble(dbias));

        scene.Kernels.LinearForward(x, w, bias, Activation.Relu, y);
        scene.Kernels.ReluBackward(y, dy);
        scene.Kernels.LinearBackwardInput(dy, w, dx, add: false);
        scene.Kernels.LinearBackwardWeight(dy, x, dw, dbias);

        // Sums of at most 35 products of numbers below 1, each rounding 6e-8: 1e-5 is a wide margin, and far below any wrong term.
        const double tolerance = 1e-5;
        Numeric.Close(Forward(), scene.Read(y), tolerance);
        Numeric.Close(Numeric.Gradient(Loss, exactX), scene.Read(dx), tolerance);
        Numeric.Close(Sum(dwBefore, Numeric.Gradient(Loss, exactW)), scene.Read(dw), tolerance);
        Numeric.Close(Sum(dbiasBefore, Numeric.Gradient(Loss, exactBias)), scene.Read(dbias), tolerance);

        double Loss() => Numeric.Dot(Forward(), exactDy);

        double[] Forward()
        {
            var result = new double[rows * outputs];
            for (var row = 0; row < rows; row++)
            {
                for (var n = 0; n < outputs; n++)
                {
                    var sum = exactBias[n];
                    for (var k = 0; k < inputs; k++)
                    {
                        sum += exactX[(row * inputs) + k] * exactW[(n * inputs) + k];
                    }

                    result[(row * outputs) + n] = Math.Max(sum, 0);
                }
            }

            return result;
        }
    }

    [Fact]
    public void Gradient_of_the_input_is_added_if_asked()
    {
        using var scene = new Scene();
        var (dy, w, dx) = (scene.Input(9, 5, 1), scene.Input(5, 6, 2), scene.Output(9, 6, 3));
        var before = scene.ReadDouble(dx);
        scene.Kernels.LinearBackwardInput(dy, w, dx, add: true);
        var added = scene.ReadDouble(dx);
        scene.Kernels.LinearBackwardInput(dy, w, dx, add: false);

        Numeric.Close([.. added.Zip(before, (sum, start) => sum - start)], scene.Read(dx), 1e-6);
    }

    // 150 outputs: the bias in whole groups of vectors and a rest. 300 rows: sums in two blocks, of which the second is added.
    [Theory]
    [InlineData(9, 5)]
    [InlineData(300, 150)]
    public void Gradients_of_the_parameters_are_overwritten_if_asked(int rows, int outputs)
    {
        const int inputs = 40;
        using var scene = new Scene();
        var (dy, x, dw, dbias) = (scene.Input(rows, outputs, 1), scene.Input(rows, inputs, 2), scene.Output(outputs, inputs, 3), scene.Output(1, outputs, 4));
        scene.Kernels.LinearBackwardWeight(dy, x, dw, dbias, add: false);
        var (weight, bias) = (scene.Read(dw), scene.Read(dbias));
        scene.Kernels.Clear(dw);
        scene.Kernels.Clear(dbias);
        scene.Kernels.LinearBackwardWeight(dy, x, dw, dbias, add: true);

        Assert.Equal(scene.Read(dw), weight);
        Assert.Equal(scene.Read(dbias), bias);
    }

    [Fact]
    public void Gradient_of_a_wide_bias_is_the_sum_of_each_column()
    {
        const int rows = 40;
        const int columns = 150;
        using var scene = new Scene();
        var (dy, x, dw, dbias) = (scene.Input(rows, columns, 1), scene.Input(rows, 3, 2), scene.Output(columns, 3, 3), scene.Output(1, columns, 4));
        var (gradients, expected) = (scene.ReadDouble(dy), scene.ReadDouble(dbias));
        scene.Kernels.LinearBackwardWeight(dy, x, dw, dbias);
        for (var i = 0; i < gradients.Length; i++)
        {
            expected[i % columns] += gradients[i];
        }

        // 41 numbers below 1, each sum rounded to 6e-8 of at most 41.
        Numeric.Close(expected, scene.Read(dbias), 1e-5);
    }

    [Fact]
    public void Product_without_bias_starts_from_nothing()
    {
        using var scene = new Scene();
        var (x, w, y) = (scene.Input(3, 4, 1), scene.Input(2, 4, 2), scene.Output(3, 2, 3));
        scene.Kernels.Clear(x);
        scene.Kernels.LinearForward(x, w, Tensor.None, Activation.None, y);
        Assert.Equal(new float[6], scene.Read(y));
    }

    [Fact]
    public void Relu_passes_no_gradient_at_zero_or_below()
    {
        using var scene = new Scene();
        var (y, dy) = (scene.Input(1, 4, 1), scene.Input(1, 4, 2));
        scene.Kernels.Write([-1, 0, 0.5f, 2], y);
        scene.Kernels.Write([3, 4, 5, 6], dy);
        scene.Kernels.ReluBackward(y, dy);
        Assert.Equal([0, 0, 5, 6], scene.Read(dy));
    }

    static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];
}
