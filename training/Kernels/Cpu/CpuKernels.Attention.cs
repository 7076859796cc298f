namespace Pipeline.Kernels.Cpu;

public sealed unsafe partial class CpuKernels
{
    public void AttentionForward(Tensor q, Tensor k, Tensor v, int heads, int tokens, Tensor y, Tensor probabilities)
    {
        ExpectAttention(q, k, v, heads, tokens, probabilities);
        Shapes.Expect(y, q.Replicas, q.Rows, q.Columns);
        var sizes = new AttentionSizes(heads, tokens, q, k);
        pool.Run(sizes.Parts, new AttentionForwardWork(this, q, k, v, y, probabilities, sizes));
    }

    public void AttentionBackward(
        Tensor dy, Tensor q, Tensor k, Tensor v, Tensor probabilities, int heads, int tokens, Tensor dq, Tensor dk, Tensor dv)
    {
        ExpectAttention(q, k, v, heads, tokens, probabilities);
        Shapes.Expect(dy, q.Replicas, q.Rows, q.Columns);
        Shapes.Expect(dq, q.Replicas, q.Rows, q.Columns);
        Shapes.Expect(dk, k.Replicas, k.Rows, k.Columns);
        Shapes.Expect(dv, k.Replicas, k.Rows, k.Columns);
        var sizes = new AttentionSizes(heads, tokens, q, k);
        pool.Run(sizes.Parts, new AttentionBackwardWork(this, dy, q, k, v, probabilities, dq, dk, dv, sizes));
    }

    static void ExpectAttention(in Tensor q, in Tensor k, in Tensor v, int heads, int tokens, in Tensor probabilities)
    {
        Shapes.ExpectSamples(k, tokens);
        if (heads < 1 || k.Columns % heads != 0)
        {
            throw new ArgumentException($"{k.Columns} columns cannot be cut into {heads} heads.", nameof(heads));
        }

        Shapes.Expect(q, k.Replicas, q.Rows == k.Rows ? k.Rows : k.Rows / tokens, k.Columns);
        Shapes.Expect(v, k.Replicas, k.Rows, k.Columns);
        Shapes.Expect(probabilities, k.Replicas, q.Rows, heads * tokens);
    }

    /// <summary>A part is one head of one sample: it shares no output with another.</summary>
    readonly struct AttentionSizes(int heads, int tokens, in Tensor q, in Tensor k)
    {
        readonly int samples = k.Rows / tokens;
        readonly int width = k.Columns / heads;
        readonly int queries = q.Rows / (k.Rows / tokens);

        public int Parts => Replicas * samples * heads;

        int Replicas { get; } = k.Replicas;

        public long Scratch => Attention.Scratch(queries, tokens);

        /// <summary>Of q, y and their gradients.</summary>
        public MatrixView Queries(in Tensor x, int part) => Head(x, part, queries, width);

        /// <summary>Of k, v and their gradients.</summary>
        public MatrixView Keys(in Tensor x, int part) => Head(x, part, tokens, width);

        public MatrixView Probabilities(in Tensor x, int part) => Head(x, part, queries, tokens);

        MatrixView Head(in Tensor x, int part, int rows, int columns) =>
            MatrixView.Of(x, part / (samples * heads)).Block(part / heads % samples * rows, rows).Strip(part % heads * columns, columns);
    }

    readonly struct AttentionForwardWork(
        CpuKernels kernels, Tensor q, Tensor k, Tensor v, Tensor y, Tensor probabilities, AttentionSizes sizes) : IWork
    {
        public void Run(int index, int worker) => Attention.Forward(
            sizes.Queries(q, index),
            sizes.Keys(k, index),
            sizes.Keys(v, index),
            sizes.Queries(y, index),
            sizes.Probabilities(probabilities, index),
            kernels.WorkerScratch(worker, sizes.Scratch));
    }

    readonly struct AttentionBackwardWork(
        CpuKernels kernels, Tensor dy, Tensor q, Tensor k, Tensor v, Tensor probabilities, Tensor dq, Tensor dk, Tensor dv, AttentionSizes sizes) : IWork
    {
        public void Run(int index, int worker) => Attention.Backward(
            sizes.Queries(dy, index),
            sizes.Queries(q, index),
            sizes.Keys(k, index),
            sizes.Keys(v, index),
            sizes.Probabilities(probabilities, index),
            sizes.Queries(dq, index),
            sizes.Keys(dk, index),
            sizes.Keys(dv, index),
            kernels.WorkerScratch(worker, sizes.Scratch));
    }
}
