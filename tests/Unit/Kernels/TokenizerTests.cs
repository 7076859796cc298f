using Pipeline.Kernels;

namespace Pipeline.Unit.Kernels;

public sealed class TokenizerTests
{
    // More than one block of samples.
    const int Samples = 9;
    const int TableRows = 4;

    [Theory]
    [InlineData(1, 3, 2)]
    [InlineData(7, 3, 2)]
    [InlineData(8, 2, 0)]
    [InlineData(8, 0, 1)]
    [InlineData(33, 3, 2)]
    public void Values_and_gradients_equal_central_differences(int columns, int numbers, int features)
    {
        var tokensOfSample = numbers + features + 1;
        using var scene = new Scene();
        var numeric = numbers > 0 ? scene.Input(Samples, numbers, 1) : Tensor.None;
        var categories = features > 0 ? scene.Categories(Samples, features, TableRows, 2) : IndexTensor.None;
        var (weight, bias) = (scene.Input(numbers + 1, columns, 3), scene.Input(tokensOfSample, columns, 4));
        var table = features > 0 ? scene.Input(TableRows, columns, 5) : Tensor.None;
        var (tokens, dtokens) = (scene.Output(Samples * tokensOfSample, columns, 6), scene.Input(Samples * tokensOfSample, columns, 7));
        var (dweight, dbias) = (scene.Output(numbers + 1, columns, 8), scene.Output(tokensOfSample, columns, 9));
        var dtable = features > 0 ? scene.Output(TableRows, columns, 10) : Tensor.None;
        var rows = Numeric.Whole(Samples * features, TableRows, 2);
        var exactNumeric = numbers > 0 ? scene.ReadDouble(numeric) : [];
        var (exactWeight, exactBias, exactDtokens) = (scene.ReadDouble(weight), scene.ReadDouble(bias), scene.ReadDouble(dtokens));
        var exactTable = features > 0 ? scene.ReadDouble(table) : [];
        var (dweightBefore, dbiasBefore) = (scene.ReadDouble(dweight), scene.ReadDouble(dbias));
        var dtableBefore = features > 0 ? scene.ReadDouble(dtable) : [];

        scene.Kernels.TokenizerForward(numeric, categories, weight, table, bias, tokens);
        scene.Kernels.TokenizerBackward(dtokens, numeric, categories, dweight, dtable, dbias);

        // Sums of at most 18 products of numbers below 1, each rounding 6e-8.
        const double tolerance = 2e-6;
        Numeric.Close(Forward(), scene.Read(tokens), tolerance);
        Numeric.Close(Sum(dweightBefore, Numeric.Gradient(Loss, exactWeight)), scene.Read(dweight), tolerance);
        Numeric.Close(Sum(dbiasBefore, Numeric.Gradient(Loss, exactBias)), scene.Read(dbias), tolerance);
        if (features > 0)
        {
            Numeric.Close(Sum(dtableBefore, Numeric.Gradient(Loss, exactTable)), scene.Read(dtable), tolerance);
        }

        double Loss() => Numeric.Dot(Forward(), exactDtokens);

        double[] Forward()
        {
            var result = new double[Samples * tokensOfSample * columns];
            for (var i = 0; i < result.Length; i++)
            {
                var (sample, token, c) = (i / columns / tokensOfSample, i / columns % tokensOfSample, i % columns);
                result[i] = exactBias[(token * columns) + c];
                if (token < numbers)
                {
                    result[i] += exactNumeric[(sample * numbers) + token] * exactWeight[(token * columns) + c];
                }
                else if (token < numbers + features)
                {
                    result[i] += exactTable[(rows[(sample * features) + token - numbers] * columns) + c];
                }
                else
                {
                    result[i] += exactWeight[(numbers * columns) + c];
                }
            }

            return result;
        }
    }

    static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];
}
