namespace Pipeline.Kernels.Cpu;

/// <summary>Parts: blocks of rows. Backward leaves a sum of gamma's and beta's gradients per block; these are added in order.</summary>
public sealed unsafe partial class CpuKernels
{
    const int NormRows = 32;

    public void LayerNormForward(Tensor x, Tensor residual, Tensor gamma, Tensor beta, Tensor y, Tensor mean, Tensor rstd)
    {
        Shapes.ExpectOrNone(residual, x.Replicas, x.Rows, x.Columns);
        Shapes.Expect(gamma, x.Replicas, 1, x.Columns);
        Shapes.Expect(beta, x.Replicas, 1, x.Columns);
        Shapes.Expect(y, x.Replicas, x.Rows, x.Columns);
        Shapes.Expect(mean, x.Replicas, x.Rows, 1);
        Shapes.Expect(rstd, x.Replicas, x.Rows, 1);
        pool.Run(x.Replicas * Parts(x.Rows, NormRows), new LayerNormForwardWork(x, residual, gamma, beta, y, mean, rstd));
    }

    public void LayerNormBackward(
        Tensor dy, Tensor x, Tensor residual, Tensor gamma, Tensor mean, Tensor rstd, Tensor dx, Tensor dgamma, Tensor dbeta)
    {
        Shapes.Expect(dy, x.Replicas, x.Rows, x.Columns);
        Shapes.ExpectOrNone(residual, x.Replicas, x.Rows, x.Columns);
        Shapes.Expect(gamma, x.Replicas, 1, x.Columns);
        Shapes.Expect(mean, x.Replicas, x.Rows, 1);
        Shapes.Expect(rstd, x.Replicas, x.Rows, 1);
        Shapes.Expect(dx, x.Replicas, x.Rows, x.Columns);
        Shapes.Expect(dgamma, x.Replicas, 1, x.Columns);
        Shapes.Expect(dbeta, x.Replicas, 1, x.Columns);
        var blocks = Parts(x.Rows, NormRows);
        var sums = SharedScratch((long)x.Replicas * blocks * 2 * x.Columns);
        pool.Run(x.Replicas * blocks, new LayerNormBackwardWork(dy, x, residual, gamma, mean, rstd, dx, sums));
        pool.Run(x.Replicas, new LayerNormSumWork(sums, blocks, dgamma, dbeta));
    }

    readonly struct LayerNormForwardWork(Tensor x, Tensor residual, Tensor gamma, Tensor beta, Tensor y, Tensor mean, Tensor rstd) : IWork
    {
        public void Run(int index, int worker)
        {
            var (replica, block) = Math.DivRem(index, Parts(x.Rows, NormRows));
            var row = block * NormRows;
            LayerNorm.Forward(
                MatrixView.Of(x, replica).Block(row, NormRows),
                MatrixView.Of(residual, replica).Block(row, NormRows),
                MatrixView.Of(gamma, replica).Data,
                MatrixView.Of(beta, replica).Data,
                MatrixView.Of(y, replica).Block(row, NormRows),
                MatrixView.Of(mean, replica).Block(row, NormRows),
                MatrixView.Of(rstd, replica).Block(row, NormRows));
        }
    }

    readonly struct LayerNormBackwardWork(
        Tensor dy, Tensor x, Tensor residual, Tensor gamma, Tensor mean, Tensor rstd, Tensor dx, float* sums) : IWork
    {
        public void Run(int index, int worker)
        {
            var (replica, block) = Math.DivRem(index, Parts(x.Rows, NormRows));
            var row = block * NormRows;
            var dgamma = sums + ((long)index * 2 * x.Columns);
            new Span<float>(dgamma, 2 * x.Columns).Clear();
            LayerNorm.Backward(
                MatrixView.Of(dy, replica).Block(row, NormRows),
                MatrixView.Of(x, replica).Block(row, NormRows),
                MatrixView.Of(residual, replica).Block(row, NormRows),
                MatrixView.Of(gamma, replica).Data,
                MatrixView.Of(mean, replica).Block(row, NormRows),
                MatrixView.Of(rstd, replica).Block(row, NormRows),
                MatrixView.Of(dx, replica).Block(row, NormRows),
                dgamma,
                dgamma + x.Columns);
        }
    }

    readonly struct LayerNormSumWork(float* sums, int blocks, Tensor dgamma, Tensor dbeta) : IWork
    {
        public void Run(int index, int worker)
        {
            var columns = dgamma.Columns;
            for (var block = 0; block < blocks; block++)
            {
                var from = sums + (((long)index * blocks) + block) * 2 * columns;
                Addition.Forward(new MatrixView(from, 1, columns, columns), MatrixView.Of(dgamma, index));
                Addition.Forward(new MatrixView(from + columns, 1, columns, columns), MatrixView.Of(dbeta, index));
            }
        }
    }
}
