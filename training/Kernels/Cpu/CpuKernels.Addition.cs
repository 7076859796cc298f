namespace Pipeline.Kernels.Cpu;

/// <summary>Parts: blocks of rows; of what is cleared, stretches of columns too, for a flat block is one row.</summary>
public sealed unsafe partial class CpuKernels
{
    const int AdditionRows = 32;
    const int ClearColumns = 1 << 16;

    public void Clear(Tensor x) =>
        pool.Run(x.Replicas * Parts(x.Rows, AdditionRows) * Parts(x.Columns, ClearColumns), new ClearWork(x));

    public void Add(Tensor x, Tensor y)
    {
        Shapes.Expect(y, x.Replicas, x.Rows, x.Columns);
        pool.Run(x.Replicas * Parts(x.Rows, AdditionRows), new AdditionWork(x, y));
    }

    readonly struct ClearWork(Tensor x) : IWork
    {
        public void Run(int index, int worker)
        {
            var (block, strip) = Math.DivRem(index, Parts(x.Columns, ClearColumns));
            var (replica, rows) = Math.DivRem(block, Parts(x.Rows, AdditionRows));
            var view = MatrixView.Of(x, replica).Block(rows * AdditionRows, AdditionRows).Strip(strip * ClearColumns, ClearColumns);
            for (var row = 0; row < view.Rows; row++)
            {
                new Span<float>(view.Row(row), view.Columns).Clear();
            }
        }
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
