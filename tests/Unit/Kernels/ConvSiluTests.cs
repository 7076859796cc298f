namespace Pipeline.Unit.Kernels;

public sealed class ConvSiluTests
{
    const int Samples = 3;

    // Every remainder of four tokens, four taps and a vector; fewer tokens than taps and more; samples in several parts.
    [Theory]
    [InlineData(1, 16, 5)]
    [InlineData(2, 4, 16)]
    [InlineData(7, 16, 7)]
    [InlineData(8, 3, 8)]
    [InlineData(33, 6, 5)]
    [InlineData(6, 1, 33)]
    [InlineData(5, 4, 65)]
    [InlineData(97, 4, 3)]
    public void Values_and_gradients_equal_central_differences(int tokens, int width, int channels)
    {
        using var scene = new Scene();
        var rows = Samples * tokens;
        var (x, w, bias, dy) = (scene.Input(rows, channels, 1), scene.Input(width, channels, 2), scene.Input(1, channels, 3), scene.Input(rows, channels, 4));
        var (y, dx, dw, dbias) = (scene.Output(rows, channels, 5), scene.Output(rows, channels, 6), scene.Output(width, channels, 7), scene.Output(1, channels, 8));
        var (exactX, exactW, exactBias, exactDy) = (scene.ReadDouble(x), scene.ReadDouble(w), scene.ReadDouble(bias), scene.ReadDouble(dy));
        var (dwBefore, dbiasBefore) = (scene.ReadDouble(dw), scene.ReadDouble(dbias));

        scene.Kernels.ConvSiluForward(x, w, bias, tokens, y);
        scene.Kernels.ConvSiluBackward(dy, x, w, bias, tokens, dx, dw, dbias);

        // A sum of at most 291 products below 1, each off by a few roundings of 6e-8.
        const double tolerance = 5e-6;
        Numeric.Close(Forward(), scene.Read(y), tolerance);
        Numeric.Close(Numeric.Gradient(Loss, exactX), scene.Read(dx), tolerance);
        Numeric.Close(Numeric.Sum(dwBefore, Numeric.Gradient(Loss, exactW)), scene.Read(dw), tolerance);
        Numeric.Close(Numeric.Sum(dbiasBefore, Numeric.Gradient(Loss, exactBias)), scene.Read(dbias), tolerance);

        double Loss() => Numeric.Dot(Forward(), exactDy);

        double[] Forward()
        {
            var result = new double[rows * channels];
            for (var i = 0; i < result.Length; i++)
            {
                int row = i / channels, d = i % channels;
                var a = exactBias[d];
                for (var k = 0; k < Math.Min(width, (row % tokens) + 1); k++)
                {
                    a += exactW[((width - 1 - k) * channels) + d] * exactX[((row - k) * channels) + d];
                }

                result[i] = a / (1 + Math.Exp(-a));
            }

            return result;
        }
    }

    [Fact]
    public void Rows_that_are_no_whole_samples_are_refused()
    {
        using var scene = new Scene();
        var (x, w, bias) = (scene.Input(7, 5, 1), scene.Input(4, 5, 2), scene.Input(1, 5, 3));
        var error = Assert.Throws<ArgumentException>(() => scene.Kernels.ConvSiluForward(x, w, bias, 2, x));
        Assert.StartsWith("x has 7 rows, which are not whole samples of 2 tokens.", error.Message, StringComparison.Ordinal);
    }
}
