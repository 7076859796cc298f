namespace Pipeline.Kernels.Cpu;

/// <summary>Parts of a squared error: replicas; a batch is too small to be cut. Of a softmax: blocks of users.</summary>
public sealed unsafe partial class CpuKernels
{
    const int SoftmaxRows = 16;

    public void SquaredErrorLoss(Tensor users, Tensor items, Tensor targets, Tensor scores, Tensor loss, Tensor dusers, Tensor ditems)
    {
        Shapes.Expect(items, users.Replicas, users.Rows, users.Columns);
        Shapes.Expect(targets, users.Replicas, users.Rows, 1);
        Shapes.Expect(scores, users.Replicas, users.Rows, 1);
        Shapes.Expect(loss, users.Replicas, 1, 1);
        Shapes.Expect(dusers, users.Replicas, users.Rows, users.Columns);
        Shapes.Expect(ditems, users.Replicas, users.Rows, users.Columns);
        pool.Run(users.Replicas, new SquaredErrorWork(users, items, targets, scores, loss, dusers, ditems));
    }

    public void SampledSoftmaxLoss(
        Tensor users, Tensor items, Tensor corrections, float temperature, Tensor dproducts, Tensor loss, Tensor dusers, Tensor ditems)
    {
        Shapes.Expect(items, users.Replicas, Math.Max(users.Rows, items.Rows), users.Columns);
        Shapes.Expect(corrections, users.Replicas, users.Rows, items.Rows);
        Shapes.Expect(dproducts, users.Replicas, users.Rows, items.Rows);
        Shapes.Expect(loss, users.Replicas, 1, 1);
        Shapes.Expect(dusers, users.Replicas, users.Rows, users.Columns);
        Shapes.Expect(ditems, users.Replicas, items.Rows, users.Columns);
        LinearForward(users, items, Tensor.None, Activation.None, dproducts);
        var losses = SharedScratch((long)users.Replicas * users.Rows);
        pool.Run(users.Replicas * Parts(users.Rows, SoftmaxRows), new SampledSoftmaxWork(this, dproducts, corrections, temperature, losses));
        for (var replica = 0; replica < users.Replicas; replica++)
        {
            *MatrixView.Of(loss, replica).Data = Mean(losses + ((long)replica * users.Rows), users.Rows);
        }

        LinearBackwardInput(dproducts, items, dusers, add: false);
        Clear(ditems);
        LinearBackwardWeight(dproducts, users, ditems, Tensor.None);
    }

    static float Mean(float* values, int count)
    {
        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            sum += values[i];
        }

        return (float)(sum / count);
    }

    readonly struct SampledSoftmaxWork(CpuKernels kernels, Tensor products, Tensor corrections, float temperature, float* losses) : IWork
    {
        public void Run(int index, int worker)
        {
            var (replica, block) = Math.DivRem(index, Parts(products.Rows, SoftmaxRows));
            var row = block * SoftmaxRows;
            var (p, c) = (MatrixView.Of(products, replica).Block(row, SoftmaxRows), MatrixView.Of(corrections, replica).Block(row, SoftmaxRows));
            var scratch = kernels.WorkerScratch(worker, SampledSoftmax.Scratch(products.Columns));
            SampledSoftmax.Forward(p, c, row, temperature, losses + ((long)replica * products.Rows) + row, scratch);
            SampledSoftmax.Backward(p, row, 1 / (temperature * products.Rows));
        }
    }

    readonly struct SquaredErrorWork(Tensor users, Tensor items, Tensor targets, Tensor scores, Tensor loss, Tensor dusers, Tensor ditems) : IWork
    {
        public void Run(int index, int worker)
        {
            var (u, i, t, s) = (MatrixView.Of(users, index), MatrixView.Of(items, index), MatrixView.Of(targets, index), MatrixView.Of(scores, index));
            *MatrixView.Of(loss, index).Data = SquaredError.Forward(u, i, t, s);
            SquaredError.Backward(u, i, t, s, MatrixView.Of(dusers, index), MatrixView.Of(ditems, index));
        }
    }
}
