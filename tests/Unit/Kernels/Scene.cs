using Pipeline.Kernels;
using Pipeline.Kernels.Cpu;

namespace Pipeline.Unit.Kernels;

/// <summary>Threads and tensors for a test: replicas first .. first + replicas - 1 of a model whose numbers depend on the seed and the replica's number.</summary>
sealed class Scene(int threads = 2, int replicas = 1, int first = 0, bool isStrided = true) : IDisposable
{
    readonly List<Tensor> outputs = [];

    public CpuKernels Kernels { get; } = new(threads);

    public int Replicas => replicas;

    /// <summary>A tensor of numbers; if strided, a view into a wider and longer one full of NaN, so that a step past its edges shows.</summary>
    public Tensor Input(int rows, int columns, int seed)
    {
        var tensor = Allocate(rows, columns);
        for (var replica = 0; replica < replicas; replica++)
        {
            Kernels.Write(Numeric.Uniform(rows * columns, seed + (1000 * (first + replica))), tensor.Replica(replica));
        }

        return tensor;
    }

    /// <summary>As <see cref="Input"/>, and among the results of the test. It starts with numbers, so that overwriting and adding to differ.</summary>
    public Tensor Output(int rows, int columns, int seed)
    {
        var tensor = Input(rows, columns, seed);
        outputs.Add(tensor);
        return tensor;
    }

    public IndexTensor Categories(int rows, int columns, int limit, int seed)
    {
        var tensor = Kernels.AllocateIndices(replicas, rows, columns);
        for (var replica = 0; replica < replicas; replica++)
        {
            Kernels.Write(Numeric.Whole(rows * columns, limit, seed + (1000 * (first + replica))), tensor.Replica(replica));
        }

        return tensor;
    }

    public float[] Read(Tensor tensor, int replica = 0)
    {
        var values = new float[tensor.Rows * tensor.Columns];
        Kernels.Read(tensor.Replica(replica), values);
        return values;
    }

    public double[] ReadDouble(Tensor tensor, int replica = 0) => Numeric.Double(Read(tensor, replica));

    /// <summary>All outputs of a replica, bit for bit.</summary>
    public int[] Bits(int replica) => [.. outputs.SelectMany(output => Read(output, replica)).Select(BitConverter.SingleToInt32Bits)];

    public void Dispose() => Kernels.Dispose();

    Tensor Allocate(int rows, int columns)
    {
        if (!isStrided)
        {
            return Kernels.Allocate(replicas, rows, columns);
        }

        var wide = Kernels.Allocate(replicas, rows + 2, columns + 5);
        var nan = new float[wide.Rows * wide.Columns];
        Array.Fill(nan, float.NaN);
        for (var replica = 0; replica < replicas; replica++)
        {
            Kernels.Write(nan, wide.Replica(replica));
        }

        return wide.SliceRows(1, rows).SliceColumns(3, columns);
    }
}
