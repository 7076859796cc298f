using Pipeline.Kernels;

namespace Pipeline.Unit.Kernels;

public sealed class AttentionTests
{
    // Sums over a head's width and over tokens, each term off by a few roundings of 6e-8.
    const double Tolerance = 5e-6;

    // 130 tokens: queries in two blocks. Heads of whole vectors: up to 64 tokens at once, their scores one by one or as products.
    [Theory]
    [InlineData(1, 3, 1, false)]
    [InlineData(7, 5, 2, false)]
    [InlineData(8, 8, 1, false)]
    [InlineData(33, 2, 1, false)]
    [InlineData(5, 33, 1, false)]
    [InlineData(3, 16, 3, false)]
    [InlineData(1, 5, 2, true)]
    [InlineData(7, 33, 1, true)]
    [InlineData(33, 4, 2, true)]
    [InlineData(130, 1, 1, false)]
    [InlineData(2, 16, 2, false)]
    [InlineData(7, 32, 2, true)]
    [InlineData(9, 16, 2, false)]
    [InlineData(18, 16, 1, false)]
    [InlineData(18, 48, 1, true)]
    [InlineData(66, 16, 1, true)]
    public void Values_and_gradients_equal_central_differences(int tokens, int headWidth, int heads, bool isLastAlone)
    {
        const int samples = 2;
        using var scene = new Scene();
        int rows = samples * tokens, queries = isLastAlone ? samples : rows, width = heads * headWidth;
        var (q, k, v, dy) = (scene.Input(queries, width, 1), scene.Input(rows, width, 2), scene.Input(rows, width, 3), scene.Input(queries, width, 4));
        var (y, probabilities) = (scene.Output(queries, width, 5), scene.Output(queries, heads * tokens, 6));
        var (dq, dk, dv) = (scene.Output(queries, width, 7), scene.Output(rows, width, 8), scene.Output(rows, width, 9));
        var (exactQ, exactK, exactV, exactDy) = (scene.ReadDouble(q), scene.ReadDouble(k), scene.ReadDouble(v), scene.ReadDouble(dy));

        scene.Kernels.AttentionForward(q, k, v, heads, tokens, y, probabilities);
        scene.Kernels.AttentionBackward(dy, q, k, v, probabilities, heads, tokens, dq, dk, dv);

        Numeric.Close(Forward(out var exactProbabilities), scene.Read(y), Tolerance);
        Numeric.Close(exactProbabilities, scene.Read(probabilities), Tolerance);
        Numeric.Close(Numeric.Gradient(Loss, exactQ), scene.Read(dq), Tolerance);
        Numeric.Close(Numeric.Gradient(Loss, exactK), scene.Read(dk), Tolerance);
        Numeric.Close(Numeric.Gradient(Loss, exactV), scene.Read(dv), Tolerance);

        double Loss() => Numeric.Dot(Forward(out _), exactDy);

        double[] Forward(out double[] weights)
        {
            var result = new double[queries * width];
            weights = new double[queries * heads * tokens];
            for (var i = 0; i < queries; i++)
            {
                var first = i / (queries / samples) * tokens;
                for (var head = 0; head < heads; head++)
                {
                    var column = head * headWidth;
                    var exp = new double[tokens];
                    for (var j = 0; j < tokens; j++)
                    {
                        var score = Enumerable.Range(column, headWidth).Sum(c => exactQ[(i * width) + c] * exactK[((first + j) * width) + c]);
                        exp[j] = Math.Exp(score / Math.Sqrt(headWidth));
                    }

                    for (var j = 0; j < tokens; j++)
                    {
                        var p = exp[j] / exp.Sum();
                        weights[(((i * heads) + head) * tokens) + j] = p;
                        for (var c = column; c < column + headWidth; c++)
                        {
                            result[(i * width) + c] += p * exactV[((first + j) * width) + c];
                        }
                    }
                }
            }

            return result;
        }
    }

    [Fact]
    public void Queries_keys_and_values_may_be_columns_of_one_tensor()
    {
        const int tokens = 5, width = 24, rows = 3 * tokens;
        using var scene = new Scene();
        var together = scene.Input(rows, 3 * width, 1);
        var dtogether = scene.Output(rows, 3 * width, 2);
        var (y, dy, p) = (scene.Output(rows, width, 3), scene.Input(rows, width, 4), scene.Output(rows, 2 * tokens, 5));
        scene.Kernels.AttentionForward(Part(together, 0), Part(together, 1), Part(together, 2), 2, tokens, y, p);
        scene.Kernels.AttentionBackward(
            dy, Part(together, 0), Part(together, 1), Part(together, 2), p, 2, tokens, Part(dtogether, 0), Part(dtogether, 1), Part(dtogether, 2));

        var (q, k, v) = (Copy(Part(together, 0)), Copy(Part(together, 1)), Copy(Part(together, 2)));
        var (ySeparate, pSeparate) = (scene.Output(rows, width, 6), scene.Output(rows, 2 * tokens, 7));
        var (dq, dk, dv) = (scene.Output(rows, width, 8), scene.Output(rows, width, 9), scene.Output(rows, width, 10));
        scene.Kernels.AttentionForward(q, k, v, 2, tokens, ySeparate, pSeparate);
        scene.Kernels.AttentionBackward(dy, q, k, v, pSeparate, 2, tokens, dq, dk, dv);

        Assert.Equal(scene.Read(ySeparate), scene.Read(y));
        Assert.Equal(scene.Read(dq), scene.Read(Part(dtogether, 0)));
        Assert.Equal(scene.Read(dk), scene.Read(Part(dtogether, 1)));
        Assert.Equal(scene.Read(dv), scene.Read(Part(dtogether, 2)));

        Tensor Part(Tensor tensor, int part) => tensor.SliceColumns(part * width, width);

        Tensor Copy(Tensor part)
        {
            var copy = scene.Input(rows, width, 11);
            scene.Kernels.Write(scene.Read(part), copy);
            return copy;
        }
    }

    [Fact]
    public void Scores_far_apart_do_not_overflow()
    {
        // Scores of 1e5 and less: the best key takes all, exactly.
        using var scene = new Scene();
        var (q, k, v) = (scene.Input(1, 1, 1), scene.Input(3, 1, 2), scene.Input(3, 1, 3));
        var (y, p) = (scene.Output(1, 1, 4), scene.Output(1, 3, 5));
        scene.Kernels.Write([1000], q);
        scene.Kernels.Write([-100, 100, 50], k);
        scene.Kernels.Write([1, 2, 3], v);
        scene.Kernels.AttentionForward(q, k, v, 1, 3, y, p);
        Numeric.Close([0, 1, 0], scene.Read(p), 1e-37);
        Assert.Equal([2], scene.Read(y));
    }

    [Fact]
    public void Heads_that_do_not_divide_the_width_are_refused()
    {
        using var scene = new Scene();
        var x = scene.Input(4, 5, 1);
        var error = Assert.Throws<ArgumentException>(() => scene.Kernels.AttentionForward(x, x, x, 2, 4, x, x));
        Assert.StartsWith("5 columns cannot be cut into 2 heads.", error.Message, StringComparison.Ordinal);
    }
}
