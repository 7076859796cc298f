using Pipeline.Kernels;

namespace Pipeline.Unit.Kernels;

public sealed class LayerNormTests
{
    // More than one block of rows.
    const int Rows = 35;

    [Theory]
    [InlineData(1, true)]
    [InlineData(7, true)]
    [InlineData(8, false)]
    [InlineData(33, true)]
    [InlineData(33, false)]
    public void Values_and_gradients_equal_central_differences(int columns, bool hasResidual)
    {
        using var scene = new Scene();
        var (x, gamma, beta, dy) = (scene.Input(Rows, columns, 1), scene.Input(1, columns, 3), scene.Input(1, columns, 4), scene.Input(Rows, columns, 5));
        var residual = hasResidual ? scene.Input(Rows, columns, 2) : Tensor.None;
        var (y, mean, rstd) = (scene.Output(Rows, columns, 6), scene.Output(Rows, 1, 7), scene.Output(Rows, 1, 8));
        var (dx, dgamma, dbeta) = (scene.Output(Rows, columns, 9), scene.Output(1, columns, 10), scene.Output(1, columns, 11));
        var (exactX, exactGamma, exactBeta, exactDy) = (scene.ReadDouble(x), scene.ReadDouble(gamma), scene.ReadDouble(beta), scene.ReadDouble(dy));
        var exactResidual = hasResidual ? scene.ReadDouble(residual) : new double[Rows * columns];
        var (dgammaBefore, dbetaBefore) = (scene.ReadDouble(dgamma), scene.ReadDouble(dbeta));

        scene.Kernels.LayerNormForward(x, residual, gamma, beta, y, mean, rstd);
        scene.Kernels.LayerNormBackward(dy, x, residual, gamma, mean, rstd, dx, dgamma, dbeta);

        // Roundings of 6e-8 in the row's numbers, enlarged by rstd, here below 4, and by the sums over a row.
        const double tolerance = 1e-5;
        Numeric.Close(Forward(), scene.Read(y), tolerance);
        Numeric.Close(Numeric.Gradient(Loss, exactX), scene.Read(dx), tolerance);
        Numeric.Close(Sum(dgammaBefore, Numeric.Gradient(Loss, exactGamma)), scene.Read(dgamma), tolerance);
        Numeric.Close(Sum(dbetaBefore, Numeric.Gradient(Loss, exactBeta)), scene.Read(dbeta), tolerance);

        double Loss() => Numeric.Dot(Forward(), exactDy);

        double[] Forward()
        {
            var result = new double[Rows * columns];
            for (var row = 0; row < Rows; row++)
            {
                var s = Enumerable.Range(row * columns, columns).Select(i => exactX[i] + exactResidual[i]).ToArray();
                var center = s.Average();
                var scale = 1 / Math.Sqrt(s.Average(value => (value - center) * (value - center)) + LayerNorm.Epsilon);
                for (var c = 0; c < columns; c++)
                {
                    result[(row * columns) + c] = ((s[c] - center) * scale * exactGamma[c]) + exactBeta[c];
                }
            }

            return result;
        }
    }

    [Fact]
    public void Large_mean_costs_no_digits_of_the_variance()
    {
        // 1000 and 1002 around their mean: variance 1, so n is -1 and 1 to within 1e-5 / 2 for epsilon.
        using var scene = new Scene();
        var (x, gamma, beta) = (scene.Input(1, 2, 1), scene.Input(1, 2, 2), scene.Input(1, 2, 3));
        var (y, mean, rstd) = (scene.Output(1, 2, 4), scene.Output(1, 1, 5), scene.Output(1, 1, 6));
        scene.Kernels.Write([1000, 1002], x);
        scene.Kernels.Write([1, 1], gamma);
        scene.Kernels.Write([0, 0], beta);
        scene.Kernels.LayerNormForward(x, Tensor.None, gamma, beta, y, mean, rstd);
        Numeric.Close([-1, 1], scene.Read(y), 1e-5);
        Assert.Equal([1001], scene.Read(mean));
    }

    [Fact]
    public void Result_may_take_the_place_of_its_input()
    {
        using var scene = new Scene();
        var (x, gamma, beta, y) = (scene.Input(Rows, 33, 1), scene.Input(1, 33, 2), scene.Input(1, 33, 3), scene.Output(Rows, 33, 4));
        var (mean, rstd) = (scene.Output(Rows, 1, 5), scene.Output(Rows, 1, 6));
        scene.Kernels.LayerNormForward(x, Tensor.None, gamma, beta, y, mean, rstd);
        scene.Kernels.LayerNormForward(x, Tensor.None, gamma, beta, x, mean, rstd);
        Assert.Equal(scene.Read(y), scene.Read(x));
    }

    static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];
}
