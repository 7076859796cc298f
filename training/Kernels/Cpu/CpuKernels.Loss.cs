namespace Pipeline.Kernels.Cpu;

/// <summary>Parts: replicas; a batch is too small to be cut.</summary>
public sealed unsafe partial class CpuKernels
{
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
