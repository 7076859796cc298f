namespace Pipeline.Unit.Kernels;

public sealed class AdditionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(33)]
    public void Each_number_is_added_once(int size)
    {
        using var scene = new Scene();
        var (x, y) = (scene.Input(size, size, 1), scene.Output(size, size, 2));
        var expected = scene.Read(x).Zip(scene.Read(y), (a, b) => b + a).ToArray();
        scene.Kernels.Add(x, y);
        Assert.Equal(expected, scene.Read(y));
    }
}
