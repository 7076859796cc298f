namespace Pipeline.Kernels.Cpu;

/// <remarks>
/// Forward and backward are cut by samples and, where these are few, by channels too; then each block of channels sums its own dB and dC, and these are added after.
/// </remarks>
public sealed unsafe partial class CpuKernels
{
    public void ScanForward(in ScanTensors inputs, int tokens, Tensor y)
    {
        ExpectScan(inputs, tokens);
        Shapes.Expect(y, inputs.Z.Replicas, inputs.Z.Rows, inputs.Z.Columns);
        var sizes = new ScanSizes(inputs, tokens, ScanSizes.ForwardRows / tokens, isCut: true);
        var rates = SharedScratch(sizes.Replicas * sizes.Rates);
        pool.Run(sizes.Replicas, new ScanRatesWork(inputs.ALog, rates, sizes));
        pool.Run(sizes.Parts, new ScanForwardWork(this, inputs, y, rates, sizes));
    }

    public void ScanBackward(Tensor dy, in ScanTensors inputs, int tokens, in ScanTensors gradients)
    {
        ExpectScan(inputs, tokens);
        Shapes.Expect(dy, inputs.Z.Replicas, inputs.Z.Rows, inputs.Z.Columns);
        ExpectGradients(inputs, gradients);
        var sizes = new ScanSizes(inputs, tokens, inputs.U.Rows / tokens / ScanSizes.EnoughBlocks, isCut: false);
        var rates = SharedScratch(sizes.Replicas * (sizes.Rates + (sizes.Blocks * sizes.Partial) + sizes.ChannelSums));
        var partials = rates + (sizes.Replicas * sizes.Rates);
        var channelSums = partials + (sizes.Replicas * sizes.Blocks * sizes.Partial);
        pool.Run(sizes.Replicas, new ScanRatesWork(inputs.ALog, rates, sizes));
        pool.Run(sizes.Parts, new ScanBackwardWork(this, dy, inputs, gradients, rates, partials, channelSums, sizes));
        pool.Run(sizes.Replicas, new ScanSumWork(gradients, rates, partials, sizes));
        if (sizes.Strips > 1)
        {
            pool.Run(sizes.Replicas * sizes.Samples, new ScanChannelSumWork(gradients, channelSums, sizes));
        }
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

    /// <summary>How a call is cut: a part is some samples and a strip of channels.</summary>
    readonly struct ScanSizes
    {
        /// <summary>Blocks of samples from which on no channels are cut; more than this many would sum dA at their own cost.</summary>
        public const int EnoughBlocks = 8;

        /// <summary>Rows of a part of forward, so that short samples do not make short parts.</summary>
        public const int ForwardRows = 48;

        /// <summary>Channels of a strip: what forward keeps of them fits the first cache.</summary>
        const int StripChannels = 64;

        /// <summary>From so many tokens on channels are cut, so that the states before each piece of a sample fit the second cache.</summary>
        const int LongTokens = 512;

        readonly int blockSamples;
        readonly int stripChannels;
        readonly int gates;

        /// <param name="blockSamples">Samples of a block, 1 if less.</param>
        /// <param name="isCut">Into strips of channels, however many samples there are.</param>
        public ScanSizes(in ScanTensors x, int tokens, int blockSamples, bool isCut)
        {
            Replicas = x.U.Replicas;
            Samples = x.U.Rows / tokens;
            Tokens = tokens;
            this.blockSamples = Math.Max(1, blockSamples);
            gates = x.Z.Rows / Samples;
            Blocks = CpuKernels.Parts(Samples, this.blockSamples);
            Channels = x.U.Columns;
            States = x.B.Columns;
            stripChannels = Blocks >= EnoughBlocks && tokens < LongTokens && !isCut ? Channels : StripChannels;
            Strips = CpuKernels.Parts(Channels, stripChannels);
            Rates = SelectiveScan.RatesSize(States, Channels);
            Partial = SelectiveScan.PartialSize(States, Channels);
        }

        public int Replicas { get; }

        public int Samples { get; }

        public int Tokens { get; }

        /// <summary>Of samples, in each replica.</summary>
        public int Blocks { get; }

        /// <summary>Of channels.</summary>
        public int Strips { get; }

        public int Channels { get; }

        public int States { get; }

        /// <summary>Floats of A log₂ e of one replica.</summary>
        public long Rates { get; }

        /// <summary>Floats of the partial sums of one block of samples.</summary>
        public long Partial { get; }

        public int Parts => Replicas * Blocks * Strips;

        /// <summary>Floats of dB, or dC, of one strip of channels of one replica.</summary>
        public long ChannelSum => (long)Samples * Tokens * States;

        public long ChannelSums => Strips > 1 ? 2 * Replicas * Strips * ChannelSum : 0;

        /// <summary>The most channels of a part.</summary>
        public int PartChannels => Math.Min(stripChannels, Channels);

        public (int Replica, int Block, int Strip) At(int part) => (part / Strips / Blocks, part / Strips % Blocks, part % Strips);

        public ScanViews Views(in ScanTensors x, int part)
        {
            var (replica, block, strip) = At(part);
            int start = block * blockSamples, count = Math.Min(blockSamples, Samples - start);
            return ScanViews.Of(x, replica)
                .Block(start * Tokens, count * Tokens, start * gates, count * gates)
                .Strip(strip * stripChannels, stripChannels);
        }

        /// <summary>Of y or dy.</summary>
        public MatrixView Outputs(in Tensor y, int part)
        {
            var (replica, block, strip) = At(part);
            return MatrixView.Of(y, replica).Block(block * blockSamples * gates, blockSamples * gates).Strip(strip * stripChannels, stripChannels);
        }

        public MatrixView RatesOf(float* rates, int replica) => SelectiveScan.Rates(rates + (replica * Rates), States, Channels);

        public MatrixView RatesOfPart(float* rates, int part) => StripOf(RatesOf(rates, At(part).Replica), part);

        public MatrixView StripOf(MatrixView whole, int part) => whole.Strip(At(part).Strip * stripChannels, stripChannels);

        /// <summary>Rows of a block of samples in the sums of one strip of channels.</summary>
        public MatrixView ChannelSumOf(float* sums, int part)
        {
            var (replica, block, strip) = At(part);
            var rows = new MatrixView(sums + (((replica * Strips) + strip) * ChannelSum), Samples * Tokens, States, States);
            return rows.Block(block * blockSamples * Tokens, blockSamples * Tokens);
        }
    }

    readonly struct ScanRatesWork(Tensor aLog, float* rates, ScanSizes sizes) : IWork
    {
        public void Run(int index, int worker) => SelectiveScan.FillRates(MatrixView.Of(aLog, index), sizes.RatesOf(rates, index));
    }

    readonly struct ScanForwardWork(CpuKernels kernels, ScanTensors x, Tensor y, float* rates, ScanSizes sizes) : IWork
    {
        public void Run(int index, int worker) => SelectiveScan.Forward(
            sizes.Views(x, index),
            sizes.Tokens,
            sizes.RatesOfPart(rates, index),
            sizes.Outputs(y, index),
            kernels.WorkerScratch(worker, SelectiveScan.ForwardScratch(sizes.Tokens, sizes.States, sizes.PartChannels)));
    }

    readonly struct ScanBackwardWork(
        CpuKernels kernels, Tensor dy, ScanTensors x, ScanTensors gradients, float* rates, float* partials, float* channelSums, ScanSizes sizes) : IWork
    {
        public void Run(int index, int worker)
        {
            var whole = SelectiveScan.Partial(partials + (index / sizes.Strips * sizes.Partial), sizes.States, sizes.Channels);
            var partial = sizes.StripOf(whole, index);
            for (var row = 0; row < partial.Rows; row++)
            {
                new Span<float>(partial.Row(row), partial.Columns).Clear();
            }

            var derivatives = sizes.Views(gradients, index);
            if (sizes.Strips > 1)
            {
                derivatives = derivatives with
                {
                    B = sizes.ChannelSumOf(channelSums, index),
                    C = sizes.ChannelSumOf(channelSums + (sizes.ChannelSums / 2), index),
                };
            }

            SelectiveScan.Backward(
                sizes.Outputs(dy, index),
                sizes.Views(x, index),
                sizes.Tokens,
                sizes.RatesOfPart(rates, index),
                derivatives,
                partial,
                kernels.WorkerScratch(worker, SelectiveScan.BackwardScratch(sizes.Tokens, sizes.States, sizes.PartChannels)));
        }
    }

    readonly struct ScanSumWork(ScanTensors gradients, float* rates, float* partials, ScanSizes sizes) : IWork
    {
        public void Run(int index, int worker) => SelectiveScan.AddPartials(
            SelectiveScan.Partial(partials + (index * sizes.Blocks * sizes.Partial), sizes.States, sizes.Channels),
            sizes.Blocks,
            sizes.RatesOf(rates, index),
            MatrixView.Of(gradients.ALog, index),
            MatrixView.Of(gradients.Skip, index));
    }

    /// <summary>A part is one sample.</summary>
    readonly struct ScanChannelSumWork(ScanTensors gradients, float* channelSums, ScanSizes sizes) : IWork
    {
        public void Run(int index, int worker)
        {
            var (replica, sample) = Math.DivRem(index, sizes.Samples);
            Add(channelSums, gradients.B, replica, sample);
            Add(channelSums + (sizes.ChannelSums / 2), gradients.C, replica, sample);
        }

        void Add(float* sums, in Tensor target, int replica, int sample)
        {
            var first = sums + (replica * sizes.Strips * sizes.ChannelSum) + ((long)sample * sizes.Tokens * sizes.States);
            SelectiveScan.AddChannels(first, sizes.Strips, sizes.ChannelSum, MatrixView.Of(target, replica).Block(sample * sizes.Tokens, sizes.Tokens));
        }
    }
}
