using Pipeline.Kernels;
using Pipeline.Kernels.Cpu;

namespace Pipeline.Unit.Kernels.Cpu;

public sealed class CpuKernelsTests
{
    [Fact]
    public void Allocated_tensors_are_zero_and_each_replica_starts_a_cache_line()
    {
        using var kernels = new CpuKernels(1);
        var tensor = kernels.Allocate(3, 5, 7);
        for (var replica = 0; replica < 3; replica++)
        {
            var values = new float[35];
            Array.Fill(values, 1);
            kernels.Read(tensor.Replica(replica), values);
            Assert.All(values, value => Assert.Equal(0, value));
            Assert.Equal(0, tensor.Replica(replica).Address % 64);
        }
    }

    [Theory]
    [InlineData(1024, 1024 + 16)]
    [InlineData(2048, 2048 + 16)]
    [InlineData(512, 512)]
    public void Rows_that_would_lie_pages_apart_lie_a_cache_line_further(int columns, int stride)
    {
        using var kernels = new CpuKernels(1);
        Assert.Equal(stride, kernels.Allocate(1, 2, columns).RowStride);
        Assert.Equal(columns, kernels.Allocate(1, 1, columns).RowStride);
    }

    [Fact]
    public void Values_written_to_a_view_are_read_from_it_and_only_from_it()
    {
        using var kernels = new CpuKernels(1);
        var whole = kernels.Allocate(1, 3, 4);
        kernels.Write([1, 2, 3, 4], whole.SliceRows(1, 2).SliceColumns(2, 2));

        var values = new float[12];
        kernels.Read(whole, values);
        Assert.Equal([0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 3, 4], values);
    }

    [Theory]
    [InlineData(3, 100, 7)]
    [InlineData(2, 1, (1 << 17) + 5)]
    public void Clear_reaches_every_row_and_column_of_every_replica(int replicas, int rows, int columns)
    {
        using var kernels = new CpuKernels(2);
        var tensor = kernels.Allocate(replicas, rows, columns);
        var values = new float[rows * columns];
        for (var replica = 0; replica < replicas; replica++)
        {
            Array.Fill(values, 1);
            kernels.Write(values, tensor.Replica(replica));
        }

        kernels.Clear(tensor);
        for (var replica = 0; replica < replicas; replica++)
        {
            kernels.Read(tensor.Replica(replica), values);
            Assert.Equal(new float[rows * columns], values);
        }
    }

    [Fact]
    public void Clear_leaves_what_lies_beside_a_view()
    {
        using var kernels = new CpuKernels(1);
        var whole = kernels.Allocate(1, 2, 3);
        kernels.Write([1, 2, 3, 4, 5, 6], whole);
        kernels.Clear(whole.SliceColumns(1, 1));

        var values = new float[6];
        kernels.Read(whole, values);
        Assert.Equal([1, 0, 3, 4, 0, 6], values);
    }

    [Fact]
    public void Wrong_shape_is_refused_with_both_shapes()
    {
        using var kernels = new CpuKernels(1);
        var (x, w, y) = (kernels.Allocate(2, 4, 3), kernels.Allocate(2, 5, 3), kernels.Allocate(2, 4, 6));
        var error = Assert.Throws<ArgumentException>(() => kernels.LinearForward(x, w, Tensor.None, Activation.None, y));
        Assert.StartsWith("y must be [2, 4, 5], is [2, 4, 6].", error.Message);
    }

    [Fact]
    public void Category_that_is_no_row_of_the_table_is_refused()
    {
        using var kernels = new CpuKernels(2);
        var categories = kernels.AllocateIndices(1, 1, 1);
        kernels.Write([5], categories);
        var (weight, table, bias, tokens) = (kernels.Allocate(1, 1, 4), kernels.Allocate(1, 5, 4), kernels.Allocate(1, 2, 4), kernels.Allocate(1, 2, 4));
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => kernels.TokenizerForward(Tensor.None, categories, weight, table, bias, tokens));
        Assert.StartsWith("Categorical feature 0 of sample 0 is row 5; the table has rows 0 .. 4.", error.Message);
    }
}
