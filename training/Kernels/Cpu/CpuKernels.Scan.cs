namespace Pipeline.Kernels.Cpu;

public sealed unsafe partial class CpuKernels
{
    /// <summary>Samples whose gradients of aLog and skip are summed together before the blocks are added in order.</summary>
    const int ScanSamples = 4;

    public void ScanForward(in ScanTensors inputs, int tokens, Tensor y)
    {
        ExpectScan(inputs, tokens);
        Shapes.Expect(y, inputs.Z.Replicas, inputs.Z.Rows, inputs.Z.Columns);
        var sizes = ScanSizes.Of(inputs, tokens);
        var rates = SharedScratch(sizes.Replicas * sizes.Rates);
        pool.Run(sizes.Replicas, new ScanRatesWork(inputs.ALog, rates, sizes));
        pool.Run(sizes.Replicas * sizes.Samples, new ScanForwardWork(this, inputs, y, rates, sizes));
    }

    public void ScanBackward(Tensor dy, in ScanTensors inputs, int tokens, in ScanTensors gradients)
    {
        ExpectScan(inputs, tokens);
        Shapes.Expect(dy, inputs.Z.Replicas, inputs.Z.Rows, inputs.Z.Columns);
        ExpectGradients(inputs, gradients);
        var sizes = ScanSizes.Of(inputs, tokens);
        var rates = SharedScratch(sizes.Replicas * (sizes.Rates + (sizes.Blocks * sizes.Partial)));
        var partials = rates + (sizes.Replicas * sizes.Rates);
        pool.Run(sizes.Replicas, new ScanRatesWork(inputs.ALog, rates, sizes));
        pool.Run(sizes.Replicas * sizes.Blocks, new ScanBackwardWork(this, dy, inputs, gradients, rates, partials, sizes));
        pool.Run(sizes.Replicas, new ScanSumWork(gradients, rates, partials, sizes));
    }

    static void ExpectScan(in ScanTensors x, int tokens)
    {
        Shapes.ExpectSamples(x.U, tokens);
        int replicas = x.U.Replicas, rows = x.U.Rows, channels = x.U.Columns, states = x.B.Columns;
        Shapes.Expect(x.Dt, replicas, rows, channels);
        Shapes.Expect(x.ALog, replicas, states, channels);
        Shapes.Expect(x.B, replicas, rows, states);
        Shapes.Expect(x.C, replicas, rows, states);
        Shapes.Expect(x.Skip, replicas, 1, channels);
        Shapes.Expect(x.Z, replicas, x.Z.Rows == rows ? rows : rows / tokens, channels);
    }

    static void ExpectGradients(in ScanTensors x, in ScanTensors dx)
    {
        Shapes.Expect(dx.U, x.U.Replicas, x.U.Rows, x.U.Columns);
        Shapes.Expect(dx.Dt, x.Dt.Replicas, x.Dt.Rows, x.Dt.Columns);
        Shapes.Expect(dx.ALog, x.ALog.Replicas, x.ALog.Rows, x.ALog.Columns);
        Shapes.Expect(dx.B, x.B.Replicas, x.B.Rows, x.B.Columns);
        Shapes.Expect(dx.C, x.C.Replicas, x.C.Rows, x.C.Columns);
        Shapes.Expect(dx.Skip, x.Skip.Replicas, x.Skip.Rows, x.Skip.Columns);
        Shapes.Expect(dx.Z, x.Z.Replicas, x.Z.Rows, x.Z.Columns);
    }

    /// <param name="Gates">Tokens of a sample that have an output: all, or 1.</param>
    /// <param name="Rates">Floats of A log₂ e of one replica.</param>
    /// <param name="Partial">Floats of the partial sums of one block.</param>
    readonly record struct ScanSizes(int Replicas, int Samples, int Tokens, int Gates, int Blocks, long Rates, long Partial)
    {
        public static ScanSizes Of(in ScanTensors x, int tokens)
        {
            var samples = x.U.Rows / tokens;
            return new(
                x.U.Replicas,
                samples,
                tokens,
                x.Z.Rows / samples,
                Parts(samples, ScanSamples),
                SelectiveScan.RatesSize(x.ALog.Rows, x.ALog.Columns),
                SelectiveScan.PartialSize(x.ALog.Rows, x.ALog.Columns));
        }
    }

    readonly struct ScanRatesWork(Tensor aLog, float* rates, ScanSizes sizes) : IWork
    {
        public void Run(int index, int worker) => SelectiveScan.FillRates(MatrixView.Of(aLog, index), rates + (index * sizes.Rates));
    }

    readonly struct ScanForwardWork(CpuKernels kernels, ScanTensors x, Tensor y, float* rates, ScanSizes sizes) : IWork
    {
        public void Run(int index, int worker)
        {
            int replica = index / sizes.Samples, sample = index % sizes.Samples;
            SelectiveScan.Forward(
                ScanViews.Of(x, replica).Sample(sample, sizes.Tokens, sizes.Gates),
                rates + (replica * sizes.Rates),
                MatrixView.Of(y, replica).Block(sample * sizes.Gates, sizes.Gates),
                kernels.WorkerScratch(worker, SelectiveScan.ForwardScratch(sizes.Tokens, x.B.Columns)));
        }
    }

    readonly struct ScanBackwardWork(
        CpuKernels kernels, Tensor dy, ScanTensors x, ScanTensors gradients, float* rates, float* partials, ScanSizes sizes) : IWork
    {
        public void Run(int index, int worker)
        {
            int replica = index / sizes.Blocks, first = index % sizes.Blocks * ScanSamples;
            var partial = partials + (index * sizes.Partial);
            new Span<float>(partial, checked((int)sizes.Partial)).Clear();
            ScanViews views = ScanViews.Of(x, replica), derivatives = ScanViews.Of(gradients, replica);
            var scratch = kernels.WorkerScratch(worker, SelectiveScan.BackwardScratch(sizes.Tokens, x.B.Columns));
            for (var sample = first; sample < Math.Min(first + ScanSamples, sizes.Samples); sample++)
            {
                SelectiveScan.Backward(
                    MatrixView.Of(dy, replica).Block(sample * sizes.Gates, sizes.Gates),
                    views.Sample(sample, sizes.Tokens, sizes.Gates),
                    rates + (replica * sizes.Rates),
                    derivatives.Sample(sample, sizes.Tokens, sizes.Gates),
                    partial,
                    scratch);
            }
        }
    }

    readonly struct ScanSumWork(ScanTensors gradients, float* rates, float* partials, ScanSizes sizes) : IWork
    {
        public void Run(int index, int worker) => SelectiveScan.AddPartials(
            partials + (index * sizes.Blocks * sizes.Partial),
            sizes.Blocks,
            rates + (index * sizes.Rates),
            MatrixView.Of(gradients.ALog, index),
            MatrixView.Of(gradients.Skip, index));
    }
}
