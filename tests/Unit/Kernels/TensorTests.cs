using Pipeline.Kernels;

namespace Pipeline.Unit.Kernels;

public sealed class TensorTests
{
    [Fact]
    public void Stretch_of_a_flat_block_is_seen_as_a_matrix()
    {
        // A parameter [2, 3] at float 4 of a block of 16.
        var block = new Tensor(1024, 1, 1, 16, 16, 16);
        Assert.Equal(new Tensor(1024 + 16, 1, 2, 3, 3, 16), block.SliceColumns(4, 6).Reshape(2, 3));
    }

    [Fact]
    public void Rows_that_lie_apart_cannot_be_cut_anew()
    {
        var strip = new Tensor(1024, 1, 4, 4, 4, 16).SliceColumns(0, 2);
        Assert.Throws<ArgumentException>(() => strip.Reshape(2, 4));
    }

    [Fact]
    public void Last_token_of_every_sample_is_a_view()
    {
        // Three samples of two tokens, four wide: tokens 1, 3 and 5.
        Assert.Equal(new Tensor(1024 + 16, 1, 3, 4, 8, 24), new Tensor(1024, 1, 6, 4, 4, 24).LastOfEvery(2));
    }
}
