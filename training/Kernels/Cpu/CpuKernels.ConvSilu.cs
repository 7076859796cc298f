namespace Pipeline.Kernels.Cpu;

public sealed unsafe partial class CpuKernels
{
    /// <summary>Channels of one part: enough for two cache lines of each row, few enough for many parts.</summary>
    const int ConvChannels = 32;

    /// <summary>Samples of one part of forward; backward sums over all of them.</summary>
    const int ConvSamples = 32;

    public void ConvSiluForward(Tensor x, Tensor w, Tensor bias, int tokens, Tensor y)
    {
        ExpectConv(x, w, bias, tokens);
        Shapes.Expect(y, x.Replicas, x.Rows, x.Columns);
        var strips = Parts(x.Columns, ConvChannels);
        var blocks = Parts(x.Rows / tokens, ConvSamples);
        pool.Run(x.Replicas * blocks * strips, new ConvForwardWork(this, x, w, bias, tokens, y, blocks, strips));
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

    readonly struct ConvForwardWork(CpuKernels kernels, Tensor x, Tensor w, Tensor bias, int tokens, Tensor y, int blocks, int strips) : IWork
    {
        public void Run(int index, int worker)
        {
            var replica = index / (blocks * strips);
            var rows = ConvSamples * tokens;
            var firstRow = index / strips % blocks * rows;
            var channel = index % strips * ConvChannels;
            ConvSilu.Forward(
                MatrixView.Of(x, replica).Block(firstRow, rows).Strip(channel, ConvChannels),
                MatrixView.Of(w, replica).Strip(channel, ConvChannels),
                MatrixView.Of(bias, replica).Strip(channel, ConvChannels),
                tokens,
                MatrixView.Of(y, replica).Block(firstRow, rows).Strip(channel, ConvChannels),
                kernels.WorkerScratch(worker, ConvSilu.Scratch(tokens, w.Rows)));
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
                kernels.WorkerScratch(worker, ConvSilu.Scratch(tokens, w.Rows)));
        }
    }
}
