namespace Pipeline.Unit.Kernels;

public sealed class SquaredErrorTests
{
    const int Samples = 5;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(33)]
    public void Loss_and_gradients_equal_central_differences(int width)
    {
        using var scene = new Scene();
        var (users, items, targets) = (scene.Input(Samples, width, 1), scene.Input(Samples, width, 2), scene.Input(Samples, 1, 3));
        var (scores, loss, dusers, ditems) = (scene.Output(Samples, 1, 4), scene.Output(1, 1, 5), scene.Output(Samples, width, 6), scene.Output(Samples, width, 7));
        var (exactUsers, exactItems, exactTargets) = (scene.ReadDouble(users), scene.ReadDouble(items), scene.ReadDouble(targets));

        scene.Kernels.SquaredErrorLoss(users, items, targets, scores, loss, dusers, ditems);

        // Sums of at most 33 products of numbers below 1, each rounding 6e-8; the loss is of the order of the scores squared.
        const double tolerance = 1e-5;
        Numeric.Close(Scores(), scene.Read(scores), tolerance);
        Numeric.Close([Loss()], scene.Read(loss), tolerance);
        Numeric.Close(Numeric.Gradient(Loss, exactUsers), scene.Read(dusers), tolerance);
        Numeric.Close(Numeric.Gradient(Loss, exactItems), scene.Read(ditems), tolerance);

        double Loss() => Scores().Zip(exactTargets, (score, target) => (score - target) * (score - target)).Sum() / Samples;

        double[] Scores() => [.. Enumerable.Range(0, Samples).Select(b =>
            Numeric.Dot(exactUsers[(b * width)..((b + 1) * width)], exactItems[(b * width)..((b + 1) * width)]))];
    }

    [Fact]
    public void Loss_of_known_scores_is_known()
    {
        using var scene = new Scene();
        var (users, items, targets) = (scene.Input(2, 2, 1), scene.Input(2, 2, 2), scene.Input(2, 1, 3));
        var (scores, loss, dusers, ditems) = (scene.Output(2, 1, 4), scene.Output(1, 1, 5), scene.Output(2, 2, 6), scene.Output(2, 2, 7));
        scene.Kernels.Write([1, 2, 3, 4], users);
        scene.Kernels.Write([1, 0, 0, 1], items);
        scene.Kernels.Write([0, 1], targets);
        scene.Kernels.SquaredErrorLoss(users, items, targets, scores, loss, dusers, ditems);

        // Scores 1 and 4, errors 1 and 3: loss (1 + 9) / 2; dscore = 2 error / 2 = 1 and 3.
        Assert.Equal([1, 4], scene.Read(scores));
        Assert.Equal([5], scene.Read(loss));
        Assert.Equal([1, 0, 0, 3], scene.Read(dusers));
        Assert.Equal([1, 2, 9, 12], scene.Read(ditems));
    }
}
