using Pipeline.Kernels;
using Pipeline.Stages;

namespace Pipeline.Bench;

/// <summary>Tensors to time kernels with.</summary>
static class Tensors
{
    /// <summary>Uniform on -1 .. 1.</summary>
    public static Tensor Random(IKernels kernels, int rows, int columns)
    {
        var tensor = kernels.Allocate(1, rows, columns);
        kernels.Write(Numbers(rows * columns), tensor);
        return tensor;
    }

    /// <summary>Uniform on -1 .. 1.</summary>
    public static float[] Numbers(int count)
    {
        var chance = new RandomStream(1, "tensors");
        var values = new float[count];
        foreach (ref var value in values.AsSpan())
        {
            value = (2 * chance.NextFloat()) - 1;
        }

        return values;
    }
}
