namespace Pipeline.Kernels.Cpu;

public sealed unsafe partial class CpuKernels
{
    public void AttentionForward(Tensor q, Tensor k, Tensor v, int heads, int tokens, Tensor y, Tensor probabilities)
    {
        ExpectAttention(q, k, v, heads, tokens, probabilities);
        Shapes.Expect(y, q.Replicas, q.Rows, q.Columns);
        var sizes = new AttentionSizes(heads, tokens, q, k);
        pool.Run(sizes.Count, new AttentionForwardWork(this, q, k, v, y, probabilities, sizes));
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
        pool.Run(sizes.Count, new AttentionBackwardWork(this, dy, q, k, v, probabilities, dq, dk, dv, sizes));
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

    /// <summary>A head of a sample shares no output with another; a part is as many of them as make up a few dozen tokens.</summary>
    readonly struct AttentionSizes(int heads, int tokens, in Tensor q, in Tensor k)
    {
        const int PartTokens = 32;

        readonly int samples = k.Rows / tokens;
        readonly int width = k.Columns / heads;
        readonly int queries = q.Rows / (k.Rows / tokens);
        readonly int heldHeads = k.Replicas * (k.Rows / tokens) * heads;
        readonly int partHeads = Math.Max(1, PartTokens / tokens);

        public int Count => Parts(heldHeads, partHeads);

        public long Scratch => Attention.Scratch(queries, tokens, width);

        /// <summary>Of all samples and replicas, counted through: those of a part.</summary>
        public (int First, int End) Heads(int part) => (part * partHeads, Math.Min((part + 1) * partHeads, heldHeads));

        public Head Head(int index)
        {
            var (sample, head) = Math.DivRem(index, heads);
            var replica = sample / samples;
            return new(replica, sample - (replica * samples), head);
        }

        /// <summary>Of q, y and their gradients.</summary>
        public MatrixView Queries(in Tensor x, in Head head) => View(x, head, queries, width);

        /// <summary>Of k, v and their gradients.</summary>
        public MatrixView Keys(in Tensor x, in Head head) => View(x, head, tokens, width);

        public MatrixView Probabilities(in Tensor x, in Head head) => View(x, head, queries, tokens);

        static MatrixView View(in Tensor x, in Head head, int rows, int columns) =>
            MatrixView.Of(x, head.Replica).Block(head.Sample * rows, rows).Strip(head.Index * columns, columns);
    }

    readonly record struct Head(int Replica, int Sample, int Index);

    readonly struct AttentionForwardWork(
        CpuKernels kernels, Tensor q, Tensor k, Tensor v, Tensor y, Tensor probabilities, AttentionSizes sizes) : IWork
    {
        public void Run(int index, int worker)
        {
            var (first, end) = sizes.Heads(index);
            for (var i = first; i < end; i++)
            {
                var head = sizes.Head(i);
                Attention.Forward(
                    sizes.Queries(q, head),
                    sizes.Keys(k, head),
                    sizes.Keys(v, head),
                    sizes.Queries(y, head),
                    sizes.Probabilities(probabilities, head),
                    kernels.WorkerScratch(worker, sizes.Scratch));
            }
        }
    }

    readonly struct AttentionBackwardWork(
        CpuKernels kernels, Tensor dy, Tensor q, Tensor k, Tensor v, Tensor probabilities, Tensor dq, Tensor dk, Tensor dv, AttentionSizes sizes) : IWork
    {
        public void Run(int index, int worker)
        {
            var (first, end) = sizes.Heads(index);
            for (var i = first; i < end; i++)
            {
                var head = sizes.Head(i);
                Attention.Backward(
                    sizes.Queries(dy, head),
                    sizes.Queries(q, head),
                    sizes.Keys(k, head),
                    sizes.Keys(v, head),
                    sizes.Probabilities(probabilities, head),
                    sizes.Queries(dq, head),
                    sizes.Keys(dk, head),
                    sizes.Keys(dv, head),
                    kernels.WorkerScratch(worker, sizes.Scratch));
            }
        }
    }
}
