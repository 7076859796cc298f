using Pipeline.Kernels;
using Pipeline.Kernels.Simd;

namespace Pipeline.Unit.Kernels;

public sealed unsafe class SampledSoftmaxTests
{
    // More than one block of users; no whole vectors of candidates.
    const int Users = 19, Candidates = 22;
    const float Temperature = 0.5f;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(33)]
    public void Loss_and_gradients_equal_central_differences(int width)
    {
        using var scene = new Scene();
        var (users, items, corrections) = (scene.Input(Users, width, 1), scene.Input(Candidates, width, 2), scene.Input(Users, Candidates, 3));
        var (dproducts, loss) = (scene.Output(Users, Candidates, 4), scene.Output(1, 1, 5));
        var (dusers, ditems) = (scene.Output(Users, width, 6), scene.Output(Candidates, width, 7));
        scene.Kernels.Write(Masked(scene.Read(corrections), Users, Candidates), corrections);
        double[] exactUsers = scene.ReadDouble(users), exactItems = scene.ReadDouble(items), exactCorrections = scene.ReadDouble(corrections);
        var products = Products();

        scene.Kernels.SampledSoftmaxLoss(users, items, corrections, Temperature, dproducts, loss, dusers, ditems);

        // Sums of at most 33 products of numbers below 1, each rounding 6e-8, doubled by the temperature.
        const double tolerance = 1e-5;
        Numeric.Close([Reference.Loss(products, exactCorrections, Users, Temperature)], scene.Read(loss), tolerance);
        Numeric.Close(Numeric.Gradient(() => Reference.Loss(products, exactCorrections, Users, Temperature), products), scene.Read(dproducts), tolerance);
        Numeric.Close(Numeric.Gradient(Loss, exactUsers), scene.Read(dusers), tolerance);
        Numeric.Close(Numeric.Gradient(Loss, exactItems), scene.Read(ditems), tolerance);

        double Loss() => Reference.Loss(Products(), exactCorrections, Users, Temperature);

        double[] Products() => [.. Enumerable.Range(0, Users * Candidates).Select(k => Numeric.Dot(
            exactUsers[(k / Candidates * width)..((k / Candidates * width) + width)], exactItems[(k % Candidates * width)..((k % Candidates * width) + width)]))];
    }

    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(33)]
    [InlineData(64)]
    public void Every_width_that_the_processor_has_gives_the_losses_and_gradients_of_double_arithmetic(int candidates)
    {
        // Exponentials need instructions that a processor without the width has not.
        CheckWidth<V128>(candidates);
        if (SimdLevel.Width >= 8)
        {
            CheckWidth<V256>(candidates);
        }

        if (SimdLevel.Width >= 16)
        {
            CheckWidth<V512>(candidates);
        }
    }

    [Fact]
    public void What_is_taken_out_has_a_gradient_of_exactly_zero_and_a_user_with_nothing_else_has_no_loss()
    {
        // User 0 meets its own item alone; user 1 all but candidate 2, which would be the best.
        var found = Run([1, 7, 9, 2, 3, 50], [0, Out, Out, 0, 0, Out], users: 2, temperature: 1);

        Assert.Equal([0, 0, 0], found.Gradients[..3]);
        Assert.Equal(0, found.Losses[0]);
        Assert.Equal(0, found.Gradients[5]);
        // Scores 2 and its own 3: loss log(1 + e^-1); divided by the two users, the gradients are ±1 / (1 + e) / 2.
        Assert.Equal(Math.Log(1 + Math.Exp(-1)), found.Losses[1], 1e-6);
        Assert.Equal(1 / (1 + Math.E) / 2, found.Gradients[3], 1e-6);
        Assert.Equal(-1 / (1 + Math.E) / 2, found.Gradients[4], 1e-6);
    }

    [Fact]
    public void Scores_far_beyond_the_range_of_an_exponential_give_finite_losses()
    {
        // Row 0: 60,000 against 60,001, loss log(1 + e). Row 1: -60,000 against 0, loss 60,000.
        var found = Run([6000, 6000.1f, 0, -6000], [0, 0, 0, 0], users: 2, temperature: 0.1f);

        // A float holds 60,001 to within 0.004.
        Assert.Equal(Math.Log(1 + Math.E), found.Losses[0], 0.01);
        Assert.Equal(60_000, found.Losses[1], 0.01);
        Assert.All(found.Gradients, gradient => Assert.True(float.IsFinite(gradient)));
    }

    const float Out = float.NegativeInfinity;

    static (float[] Losses, float[] Gradients) Run(float[] products, float[] corrections, int users, float temperature) => SimdLevel.Width switch
    {
        16 => Run<V512>(products, corrections, users, temperature),
        8 => Run<V256>(products, corrections, users, temperature),
        _ => Run<V128>(products, corrections, users, temperature),
    };

    static (float[] Losses, float[] Gradients) Run<T>(float[] products, float[] corrections, int users, float temperature)
        where T : struct, IVector<T>
    {
        var (candidates, losses, gradients) = (products.Length / users, new float[users], (float[])products.Clone());
        fixed (float* p = gradients, c = corrections, l = losses)
        {
            var scratch = new float[candidates + 32];
            fixed (float* row = scratch)
            {
                MatrixView view = new(p, users, candidates, candidates);
                SampledSoftmax.Forward<T>(view, new(c, users, candidates, candidates), 0, temperature, l, row);
                SampledSoftmax.Backward<T>(view, 0, 1 / (temperature * users));
            }
        }

        return (losses, gradients);
    }

    static void CheckWidth<T>(int candidates)
        where T : struct, IVector<T>
    {
        const int users = 3;
        var (products, corrections) = (Numeric.Uniform(users * candidates, 1), Masked(Numeric.Uniform(users * candidates, 2), users, candidates));
        var (losses, gradients) = Run<T>(products, corrections, users, Temperature);

        double[] exact = Numeric.Double(products), exactCorrections = Numeric.Double(corrections);
        Numeric.Close([Reference.Loss(exact, exactCorrections, users, Temperature)], [losses.Average()], 1e-6);
        Numeric.Close(Numeric.Gradient(() => Reference.Loss(exact, exactCorrections, users, Temperature), exact), gradients, 1e-6);
    }

    /// <summary>Takes out every fourth candidate that is not the user's own.</summary>
    static float[] Masked(float[] corrections, int users, int candidates)
    {
        for (var k = 0; k < users * candidates; k++)
        {
            var (i, j) = Math.DivRem(k, candidates);
            corrections[k] = i != j && (i + j) % 4 == 0 ? Out : corrections[k];
        }

        return corrections;
    }

    static class Reference
    {
        public static double Loss(double[] products, double[] corrections, int users, double temperature)
        {
            var candidates = products.Length / users;
            double sum = 0;
            for (var i = 0; i < users; i++)
            {
                double Score(int j) => (products[(i * candidates) + j] / temperature) + corrections[(i * candidates) + j];
                sum += Math.Log(Enumerable.Range(0, candidates).Sum(j => Math.Exp(Score(j)))) - Score(i);
            }

            return sum / users;
        }
    }
}
