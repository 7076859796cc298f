namespace Pipeline.Kernels.Cpu;

public sealed unsafe partial class CpuKernels
{
    /// <summary>Channels of one part: enough for four cache lines of each row, few enough for many parts.</summary>
    const int ConvChannels = 64;

    /// <summary>Rows of one part of forward, at least one sample; backward sums over all of them.</summary>
    const int ConvRows = 192;

    public void ConvSiluForward(Tensor x, Tensor w, Tensor bias, int tokens, Tensor y)
    {
        ExpectConv(x, w, bias, tokens);
        Shapes.Expect(y, x.Replicas, x.Rows, x.Columns);
        var strips = Parts(x.Columns, ConvChannels);
        var blockRows = Math.Max(1, ConvRows / tokens) * tokens;
        var blocks = Parts(x.Rows, blockRows);
        pool.Run(x.Replicas * blocks * strips, new ConvForwardWork(this, x, w, bias, tokens, y, blockRows, blocks, strips));
    }

    public void ConvSiluBackward(Tensor dy, Tensor x, Tensor w, Tensor bias, int tokens, Tensor dx, Tensor dw, Tensor dbias)
    {
        ExpectConv(x, w, bias, tokens);
        Shapes.Expect(dy, x.Replicas, x.Rows, x.Columns);
        Shapes.Expect(dx, x.Replicas, x.Rows, x.Columns);
        Shapes.Expect(dw, w.Replicas, w.Rows, w.Columns);
        Shapes.Expect(dbias, bias.Replicas, bias.Rows, bias.Columns);
        var strips = Parts(x.Columns, ConvChannels);
        pool.Run(x.Replicas * strips, new ConvBackwardWork(this, dy, x, w, bias, tokens, dx, dw, dbias, strips));
    }

    static void ExpectConv(in Tensor x, in Tensor w, in Tensor bias, int tokens)
    {
        Shapes.ExpectSamples(x, tokens);
        Shapes.Expect(w, x.Replicas, w.Rows, x.Columns);
        Shapes.Expect(bias, x.Replicas, 1, x.Columns);
    }

    readonly struct ConvForwardWork(CpuKernels kernels, Tensor x, Tensor w, Tensor bias, int tokens, Tensor y, int blockRows, int blocks, int strips) : IWork
    {
        public void Run(int index, int worker)
        {
            var replica = index / (blocks * strips);
            var firstRow = index / strips % blocks * blockRows;
            var channel = index % strips * ConvChannels;
            ConvSilu.Forward(
                MatrixView.Of(x, replica).Block(firstRow, blockRows).Strip(channel, ConvChannels),
                MatrixView.Of(w, replica).Strip(channel, ConvChannels),
                MatrixView.Of(bias, replica).Strip(channel, ConvChannels),
                tokens,
                MatrixView.Of(y, replica).Block(firstRow, blockRows).Strip(channel, ConvChannels),
                kernels.WorkerScratch(worker, ConvSilu.Scratch(tokens, w.Rows, ConvChannels)));
        }
    }

    readonly struct ConvBackwardWork(
        CpuKernels kernels, Tensor dy, Tensor x, Tensor w, Tensor bias, int tokens, Tensor dx, Tensor dw, Tensor dbias, int strips) : IWork
    {
        public void Run(int index, int worker)
        {
            var replica = index / strips;
            var channel = index % strips * ConvChannels;
            ConvSilu.Backward(
                MatrixView.Of(dy, replica).Strip(channel, ConvChannels),
                MatrixView.Of(x, replica).Strip(channel, ConvChannels),
                MatrixView.Of(w, replica).Strip(channel, ConvChannels),
                MatrixView.Of(bias, replica).Strip(channel, ConvChannels),
                tokens,
                MatrixView.Of(dx, replica).Strip(channel, ConvChannels),
                MatrixView.Of(dw, replica).Strip(channel, ConvChannels),
                MatrixView.Of(dbias, replica).Strip(channel, ConvChannels),
                kernels.WorkerScratch(worker, ConvSilu.Scratch(tokens, w.Rows, ConvChannels)));
        }
    }
}
