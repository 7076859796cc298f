using Pipeline.Kernels.Simd;

namespace Pipeline.Kernels;

static unsafe partial class SelectiveScan
{
    /// <summary>Memory of one sample; [strips of a tile, L, Width] each where nothing is said.</summary>
    readonly struct Work<T>
        where T : struct, IVector<T>
    {
        /// <summary>Vectors per token, of those that do not grow with N.</summary>
        public const int VectorsPerToken = (8 * Tile) + (2 * Group);

        public readonly int Tokens;

        /// <summary>Floats of one strip: L Width.</summary>
        public readonly int Size;

        /// <summary>The first token with an output.</summary>
        public readonly int First;

        /// <summary>N padded.</summary>
        public readonly int States;

        /// <summary>D padded.</summary>
        public readonly int Stride;

        public readonly float* Delta;

        /// <summary>sigmoid(dt)</summary>
        public readonly float* Slope;

        /// <summary>delta u</summary>
        public readonly float* Input;

        /// <summary>dy silu(z)</summary>
        public readonly float* G;

        /// <summary>dy silu'(z)</summary>
        public readonly float* ZSlope;

        /// <summary>C h + skip u</summary>
        public readonly float* Sum;

        public readonly float* DInput;

        /// <summary>The gradient of delta through the decay, divided by ln 2.</summary>
        public readonly float* DExponent;

        /// <summary>States: [L, Group, Width], as the decay.</summary>
        public readonly float* H;
        public readonly float* Decay;

        /// <summary>dB lane by lane: [L, N padded, Width], as that of C.</summary>
        public readonly float* BSum;
        public readonly float* CSum;

        /// <summary>[L, N padded], as C.</summary>
        public readonly float* B;
        public readonly float* C;

        public Work(float* scratch, int tokens, int first, int states, int stride)
        {
            Tokens = tokens;
            First = first;
            States = states;
            Stride = stride;
            Size = checked(tokens * T.Width);
            var size = (long)Tile * Size;
            Delta = scratch;
            Slope = Delta + size;
            Input = Slope + size;
            G = Input + size;
            ZSlope = G + size;
            Sum = ZSlope + size;
            DInput = Sum + size;
            DExponent = DInput + size;
            H = DExponent + size;
            Decay = H + ((long)Group * Size);
            BSum = Decay + ((long)Group * Size);
            CSum = BSum + ((long)states * Size);
            B = CSum + ((long)states * Size);
            C = B + ((long)tokens * states);
        }
    }
}
