using Pipeline.Kernels.Simd;

namespace Pipeline.Kernels;

static unsafe partial class SelectiveScan
{
    /// <summary>Memory of one stretch; [strips, rows, Width] each where nothing is said.</summary>
    readonly struct Work<T>
        where T : struct, IVector<T>
    {
        /// <summary>Floats of one strip.</summary>
        public readonly int Size;

        /// <summary>N padded.</summary>
        public readonly int States;

        public readonly float* Delta;

        /// <summary>delta u</summary>
        public readonly float* Input;

        /// <summary>C h + skip u</summary>
        public readonly float* Sum;

        /// <summary>[rows, N padded], as C.</summary>
        public readonly float* B;
        public readonly float* C;

        /// <summary>sigmoid(dt)</summary>
        public readonly float* Slope;

        /// <summary>dy silu(z)</summary>
        public readonly float* G;

        /// <summary>dy silu'(z)</summary>
        public readonly float* ZSlope;

        public readonly float* DInput;

        /// <summary>The gradient of delta through the decay, divided by ln 2.</summary>
        public readonly float* DExponent;

        /// <summary>States of one strip: [rows, Group, Width], as the decay.</summary>
        public readonly float* H;
        public readonly float* Decay;

        /// <summary>dB of four states lane by lane: [rows, Group, Width], as that of C.</summary>
        public readonly float* BSum;
        public readonly float* CSum;

        public Work(float* scratch, int tokens, int states, int channels)
        {
            var rows = ScanCut.MostRows(tokens);
            States = states;
            Size = rows * T.Width;
            var all = (long)rows * Strip.Padded<T>(channels);
            ForwardEnd = scratch + ForwardFloats(tokens, states, Strip.Padded<T>(channels));
            Delta = scratch;
            Input = Delta + all;
            Sum = Input + all;
            B = Sum + all;
            C = B + ((long)rows * states);
            Slope = ForwardEnd;
            G = Slope + all;
            ZSlope = G + all;
            DInput = ZSlope + all;
            DExponent = DInput + all;
            H = DExponent + all;
            Decay = H + ((long)Group * Size);
            BSum = Decay + ((long)Group * Size);
            CSum = BSum + ((long)Group * Size);
        }

        /// <summary>Where the memory ends that forward needs.</summary>
        public float* ForwardEnd { get; }

        public float* End => CSum + ((long)Group * Size);

        public static long ForwardFloats(int tokens, int states, int paddedChannels)
        {
            // Whole cache lines, as all else is.
            const int line = 16;
            var rows = ScanCut.MostRows(tokens);
            return (3L * rows * paddedChannels) + (((2L * rows * PaddedStates(states)) + line - 1) / line * line);
        }

        public static long BackwardFloats(int tokens, int states, int paddedChannels, int width) =>
            ForwardFloats(tokens, states, paddedChannels) + (ScanCut.MostRows(tokens) * ((5L * paddedChannels) + (4 * Group * width)));
    }
}
