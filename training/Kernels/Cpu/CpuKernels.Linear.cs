namespace Pipeline.Kernels.Cpu;

/// <summary>Parts: tiles of the result; beside them strips of columns of the bias's gradient; blocks of rows for the ReLU.</summary>
public sealed unsafe partial class CpuKernels
{
    const int BiasColumns = 64;
    const int ReluRows = 32;

    public void LinearForward(Tensor x, Tensor w, Tensor bias, Activation activation, Tensor y)
    {
        Shapes.Expect(w, x.Replicas, w.Rows, x.Columns);
        Shapes.ExpectOrNone(bias, x.Replicas, 1, w.Rows);
        Shapes.Expect(y, x.Replicas, x.Rows, w.Rows);
        var work = new LinearForwardWork(this, x, w, bias, activation, y);
        pool.Run(x.Replicas * work.Tiles, work);
    }

    public void LinearBackwardInput(Tensor dy, Tensor w, Tensor dx, bool add)
    {
        Shapes.Expect(w, dy.Replicas, dy.Columns, w.Columns);
        Shapes.Expect(dx, dy.Replicas, dy.Rows, w.Columns);
        var work = new LinearBackwardInputWork(this, dy, w, dx, add);
        pool.Run(dy.Replicas * work.Tiles, work);
    }

    public void LinearBackwardWeight(Tensor dy, Tensor x, Tensor dw, Tensor dbias, bool add = true)
    {
        Shapes.Expect(x, dy.Replicas, dy.Rows, x.Columns);
        Shapes.Expect(dw, dy.Replicas, dy.Columns, x.Columns);
        Shapes.ExpectOrNone(dbias, dy.Replicas, 1, dy.Columns);
        var work = new LinearBackwardWeightWork(this, dy, x, dw, dbias, add);
        pool.Run(dy.Replicas * (work.Tiles + work.Strips), work);
    }

    public void ReluBackward(Tensor y, Tensor dy)
    {
        Shapes.Expect(dy, y.Replicas, y.Rows, y.Columns);
        pool.Run(y.Replicas * Parts(y.Rows, ReluRows), new ReluBackwardWork(y, dy));
    }

    readonly struct LinearForwardWork(CpuKernels kernels, Tensor x, Tensor w, Tensor bias, Activation activation, Tensor y) : IWork
    {
        readonly TileGrid grid = TileGrid.Of(Product(x, w, bias, activation, y, 0));

        public int Tiles => grid.Count;

        public void Run(int index, int worker)
        {
            var (replica, tile) = Math.DivRem(index, grid.Count);
            Gemm.RunTile(Product(x, w, bias, activation, y, replica), grid, tile, kernels.WorkerScratch(worker, Gemm.ScratchFloats));
        }

        static Product Product(in Tensor x, in Tensor w, in Tensor bias, Activation activation, in Tensor y, int replica) => Linear.Forward(
            MatrixView.Of(x, replica), MatrixView.Of(w, replica), MatrixView.Of(bias, replica).Data, activation, MatrixView.Of(y, replica));
    }

    readonly struct LinearBackwardInputWork(CpuKernels kernels, Tensor dy, Tensor w, Tensor dx, bool add) : IWork
    {
        readonly TileGrid grid = TileGrid.Of(Product(dy, w, dx, add, 0));

        public int Tiles => grid.Count;

        public void Run(int index, int worker)
        {
            var (replica, tile) = Math.DivRem(index, grid.Count);
            Gemm.RunTile(Product(dy, w, dx, add, replica), grid, tile, kernels.WorkerScratch(worker, Gemm.ScratchFloats));
        }

        static Product Product(in Tensor dy, in Tensor w, in Tensor dx, bool add, int replica) =>
            Linear.BackwardInput(MatrixView.Of(dy, replica), MatrixView.Of(w, replica), MatrixView.Of(dx, replica), add);
    }

    readonly struct LinearBackwardWeightWork(CpuKernels kernels, Tensor dy, Tensor x, Tensor dw, Tensor dbias, bool add) : IWork
    {
        readonly TileGrid grid = TileGrid.Of(Product(dy, x, dw, add, 0));

        public int Tiles => grid.Count;

        public int Strips => dbias.IsNone ? 0 : Parts(dbias.Columns, BiasColumns);

        public void Run(int index, int worker)
        {
            var (replica, part) = Math.DivRem(index, Tiles + Strips);
            if (part < Tiles)
            {
                Gemm.RunTile(Product(dy, x, dw, add, replica), grid, part, kernels.WorkerScratch(worker, Gemm.ScratchFloats));
                return;
            }

            var column = (part - Tiles) * BiasColumns;
            Linear.BackwardBias(MatrixView.Of(dy, replica).Strip(column, BiasColumns), MatrixView.Of(dbias, replica).Data + column, add);
        }

        static Product Product(in Tensor dy, in Tensor x, in Tensor dw, bool add, int replica) =>
            Linear.BackwardWeight(MatrixView.Of(dy, replica), MatrixView.Of(x, replica), MatrixView.Of(dw, replica), add);
    }

    readonly struct ReluBackwardWork(Tensor y, Tensor dy) : IWork
    {
        public void Run(int index, int worker)
        {
            var (replica, block) = Math.DivRem(index, Parts(y.Rows, ReluRows));
            var row = block * ReluRows;
            Relu.Backward(MatrixView.Of(y, replica).Block(row, ReluRows), MatrixView.Of(dy, replica).Block(row, ReluRows));
        }
    }
}
