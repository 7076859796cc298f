using Pipeline.Kernels;

namespace Pipeline.Unit.Kernels;

public sealed class SelectiveScanTests
{
    // Sums over tokens, states and up to nine samples, each term off by a few roundings of 6e-8; 2^x by up to 2e-7.
    const double Tolerance = 1e-5;

    // Channels below, at and above a vector; states that fill groups of four and that do not; samples put together, whole, and in pieces of 32 tokens.
    [Theory]
    [InlineData(1, 33, 3, 9, false)]
    [InlineData(7, 16, 3, 1, false)]
    [InlineData(8, 5, 16, 1, false)]
    [InlineData(33, 5, 3, 1, false)]
    [InlineData(3, 70, 4, 1, false)]
    [InlineData(1, 5, 16, 2, true)]
    [InlineData(7, 33, 3, 1, true)]
    [InlineData(8, 16, 5, 2, true)]
    [InlineData(33, 5, 3, 1, true)]
    [InlineData(32, 3, 2, 1, false)]
    [InlineData(65, 3, 2, 2, false)]
    [InlineData(130, 2, 1, 1, false)]
    [InlineData(257, 1, 2, 1, true)]
    public void Values_and_gradients_equal_central_differences(int tokens, int channels, int states, int samples, bool isLastAlone)
    {
        using var scene = new Scene();
        var x = Tensors(scene.Input, tokens, channels, states, samples, isLastAlone, seed: 1);
        var dx = Tensors(scene.Output, tokens, channels, states, samples, isLastAlone, seed: 20);
        var (y, dy) = (scene.Output(x.Z.Rows, channels, 30), scene.Input(x.Z.Rows, channels, 31));
        var exact = new ExactScan(scene, x, tokens);
        var exactDy = scene.ReadDouble(dy);
        var (daLogBefore, dskipBefore) = (scene.ReadDouble(dx.ALog), scene.ReadDouble(dx.Skip));

        scene.Kernels.ScanForward(x, tokens, y);
        scene.Kernels.ScanBackward(dy, x, tokens, dx);

        Numeric.Close(exact.Forward(), scene.Read(y), Tolerance);
        Numeric.Close(Gradient(exact.U), scene.Read(dx.U), Tolerance);
        Numeric.Close(Gradient(exact.Dt), scene.Read(dx.Dt), Tolerance);
        Numeric.Close(Gradient(exact.B), scene.Read(dx.B), Tolerance);
        Numeric.Close(Gradient(exact.C), scene.Read(dx.C), Tolerance);
        Numeric.Close(Gradient(exact.Z), scene.Read(dx.Z), Tolerance);
        Numeric.Close(Numeric.Sum(daLogBefore, Gradient(exact.ALog)), scene.Read(dx.ALog), Tolerance);
        Numeric.Close(Numeric.Sum(dskipBefore, Gradient(exact.Skip)), scene.Read(dx.Skip), Tolerance);

        double[] Gradient(double[] at) => Numeric.Gradient(() => Numeric.Dot(exact.Forward(), exactDy), at);
    }

    [Fact]
    public void Last_token_alone_has_the_bytes_of_the_last_token_of_all()
    {
        const int tokens = 6, channels = 37, states = 5, samples = 3;
        using var scene = new Scene();
        var all = Tensors(scene.Input, tokens, channels, states, samples, isLastAlone: false, seed: 1);
        var last = all with { Z = all.Z.LastOfEvery(tokens) };
        var (yAll, yLast) = (scene.Output(samples * tokens, channels, 2), scene.Output(samples, channels, 3));
        var dy = scene.Input(samples * tokens, channels, 4);
        var dyLast = dy.LastOfEvery(tokens);
        var kept = scene.Read(dyLast);
        scene.Kernels.Write(new float[samples * tokens * channels], dy);
        scene.Kernels.Write(kept, dyLast);
        var dAll = Tensors(scene.Output, tokens, channels, states, samples, isLastAlone: false, seed: 20);
        var dLast = Tensors(scene.Output, tokens, channels, states, samples, isLastAlone: true, seed: 20);

        scene.Kernels.ScanForward(all, tokens, yAll);
        scene.Kernels.ScanForward(last, tokens, yLast);
        scene.Kernels.ScanBackward(dy, all, tokens, dAll);
        scene.Kernels.ScanBackward(dyLast, last, tokens, dLast);

        Assert.Equal(scene.Read(yAll.LastOfEvery(tokens)), scene.Read(yLast));
        Assert.Equal(scene.Read(dAll.Z.LastOfEvery(tokens)), scene.Read(dLast.Z));
        foreach (var (expected, actual) in new[] { (dAll.U, dLast.U), (dAll.Dt, dLast.Dt), (dAll.B, dLast.B), (dAll.C, dLast.C), (dAll.ALog, dLast.ALog) })
        {
            Assert.Equal(scene.Read(expected), scene.Read(actual));
        }
    }

    [Fact]
    public void A_thousand_tokens_are_as_exact_as_a_few()
    {
        const int tokens = 1000, channels = 16, states = 3;
        using var scene = new Scene();
        var x = Tensors(scene.Input, tokens, channels, states, samples: 1, isLastAlone: false, seed: 1);
        var y = scene.Output(tokens, channels, 2);
        scene.Kernels.ScanForward(x, tokens, y);
        Numeric.Close(new ExactScan(scene, x, tokens).Forward(), scene.Read(y), Tolerance);
    }

    [Fact]
    public void Few_samples_cut_by_channels_have_the_gradients_of_many_cut_by_samples()
    {
        // 70 channels are two strips of 64; sixteen copies of a sample are cut by samples alone. Only dB and dC are added in another order.
        const int tokens = 40, channels = 70, states = 3, copies = 16;
        using var scene = new Scene();
        var one = Tensors(scene.Input, tokens, channels, states, samples: 1, isLastAlone: false, seed: 1);
        var dy = scene.Input(tokens, channels, 8);
        var many = one with { U = Copies(one.U), Dt = Copies(one.Dt), B = Copies(one.B), C = Copies(one.C), Z = Copies(one.Z) };
        var dOne = Tensors(scene.Output, tokens, channels, states, samples: 1, isLastAlone: false, seed: 20);
        var dMany = Tensors(scene.Output, tokens, channels, states, copies, isLastAlone: false, seed: 40);

        scene.Kernels.ScanBackward(dy, one, tokens, dOne);
        scene.Kernels.ScanBackward(Copies(dy), many, tokens, dMany);

        Assert.Equal(scene.Read(dOne.U), scene.Read(dMany.U.SliceRows(0, tokens)));
        Assert.Equal(scene.Read(dOne.Dt), scene.Read(dMany.Dt.SliceRows(0, tokens)));
        Assert.Equal(scene.Read(dOne.Z), scene.Read(dMany.Z.SliceRows(0, tokens)));
        Numeric.Close(scene.ReadDouble(dOne.B), scene.Read(dMany.B.SliceRows(0, tokens)), 1e-6);
        Numeric.Close(scene.ReadDouble(dOne.C), scene.Read(dMany.C.SliceRows(0, tokens)), 1e-6);

        Tensor Copies(Tensor sample)
        {
            var values = Enumerable.Repeat(scene.Read(sample), copies).SelectMany(copy => copy).ToArray();
            var all = scene.Input(copies * sample.Rows, sample.Columns, 9);
            scene.Kernels.Write(values, all);
            return all;
        }
    }

    [Fact]
    public void Scratch_of_thousands_of_tokens_fits_the_second_cache()
    {
        // 16 states of 64 channels: what a part of a long sample has. Backward keeps 16 x 64 states per 32 tokens beside what does not grow.
        const int cacheFloats = (1 << 20) / sizeof(float);
        Assert.Equal(SelectiveScan.ForwardScratch(32, 16, 64), SelectiveScan.ForwardScratch(4096, 16, 64));
        Assert.InRange(SelectiveScan.BackwardScratch(4096, 16, 64), 0, cacheFloats);
        Assert.Equal(16 * 64 * 32, SelectiveScan.BackwardScratch(2048, 16, 64) - SelectiveScan.BackwardScratch(1024, 16, 64));
    }

    [Fact]
    public void Steps_far_out_stay_finite()
    {
        // softplus(-100) is nearly no step, softplus(100) times A forgets everything: 2^-400 is beyond a float.
        const int tokens = 4, channels = 16, states = 4;
        using var scene = new Scene();
        var x = Tensors(scene.Input, tokens, channels, states, samples: 1, isLastAlone: false, seed: 1);
        var dx = Tensors(scene.Output, tokens, channels, states, samples: 1, isLastAlone: false, seed: 20);
        var y = scene.Output(tokens, channels, 2);
        scene.Kernels.Write([.. Enumerable.Range(0, tokens * channels).Select(i => i % 2 == 0 ? 100f : -100f)], x.Dt);
        scene.Kernels.ScanForward(x, tokens, y);
        scene.Kernels.ScanBackward(y, x, tokens, dx);
        Numeric.Close(new ExactScan(scene, x, tokens).Forward(), scene.Read(y), Tolerance);
        Assert.All(scene.Bits(0), bits => Assert.True(float.IsFinite(BitConverter.Int32BitsToSingle(bits))));
    }

    [Fact]
    public void Gate_of_another_shape_is_refused()
    {
        using var scene = new Scene();
        var x = Tensors(scene.Input, 4, 5, 3, samples: 2, isLastAlone: false, seed: 1) with { Z = scene.Input(3, 5, 9) };
        var error = Assert.Throws<ArgumentException>(() => scene.Kernels.ScanForward(x, 4, x.Z));
        Assert.StartsWith("x.Z must be [1, 2, 5], is [1, 3, 5].", error.Message, StringComparison.Ordinal);
    }

    static ScanTensors Tensors(Func<int, int, int, Tensor> make, int tokens, int channels, int states, int samples, bool isLastAlone, int seed)
    {
        var rows = samples * tokens;
        return new(
            U: make(rows, channels, seed),
            Dt: make(rows, channels, seed + 1),
            ALog: make(states, channels, seed + 2),
            B: make(rows, states, seed + 3),
            C: make(rows, states, seed + 4),
            Skip: make(1, channels, seed + 5),
            Z: make(isLastAlone ? samples : rows, channels, seed + 6));
    }

    /// <summary>The formula, word by word, in double.</summary>
    sealed class ExactScan(Scene scene, ScanTensors x, int tokens)
    {
        public double[] U { get; } = scene.ReadDouble(x.U);

        public double[] Dt { get; } = scene.ReadDouble(x.Dt);

        public double[] ALog { get; } = scene.ReadDouble(x.ALog);

        public double[] B { get; } = scene.ReadDouble(x.B);

        public double[] C { get; } = scene.ReadDouble(x.C);

        public double[] Skip { get; } = scene.ReadDouble(x.Skip);

        public double[] Z { get; } = scene.ReadDouble(x.Z);

        public double[] Forward()
        {
            int channels = Skip.Length, states = ALog.Length / channels, samples = U.Length / channels / tokens, gates = Z.Length / channels / samples;
            var y = new double[Z.Length];
            for (var sample = 0; sample < samples; sample++)
            {
                for (var d = 0; d < channels; d++)
                {
                    var h = new double[states];
                    for (var t = 0; t < tokens; t++)
                    {
                        var row = (sample * tokens) + t;
                        var (u, dt) = (U[(row * channels) + d], Dt[(row * channels) + d]);
                        var delta = Math.Max(dt, 0) + Math.Log(1 + Math.Exp(-Math.Abs(dt)));
                        var sum = Skip[d] * u;
                        for (var n = 0; n < states; n++)
                        {
                            h[n] = (Math.Exp(-delta * Math.Exp(ALog[(n * channels) + d])) * h[n]) + (delta * u * B[(row * states) + n]);
                            sum += C[(row * states) + n] * h[n];
                        }

                        var gate = t - tokens + gates;
                        if (gate >= 0)
                        {
                            var at = (((sample * gates) + gate) * channels) + d;
                            y[at] = sum * Z[at] / (1 + Math.Exp(-Z[at]));
                        }
                    }
                }
            }

            return y;
        }
    }
}
