namespace Pipeline.Kernels.Cpu;

/// <summary>Parts: blocks of rows.</summary>
public sealed unsafe partial class CpuKernels
{
    const int AdditionRows = 32;

    public void Clear(Tensor x)
    {
        for (var replica = 0; replica < x.Replicas; replica++)
        {
            for (var row = 0; row < x.Rows; row++)
            {
                Row(x.Replica(replica), row).Clear();
            }
        }
    }

    public void Add(Tensor x, Tensor y)
    {
        Shapes.Expect(y, x.Replicas, x.Rows, x.Columns);
        pool.Run(x.Replicas * Parts(x.Rows, AdditionRows), new AdditionWork(x, y));
    }

    readonly struct AdditionWork(Tensor x, Tensor y) : IWork
    {
        public void Run(int index, int worker)
        {
            var (replica, block) = Math.DivRem(index, Parts(x.Rows, AdditionRows));
            var row = block * AdditionRows;
            Addition.Forward(MatrixView.Of(x, replica).Block(row, AdditionRows), MatrixView.Of(y, replica).Block(row, AdditionRows));
        }
    }
}
