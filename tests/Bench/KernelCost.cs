using Pipeline.Kernels;

namespace Pipeline.Bench;

/// <summary>What a kernel cannot do without.</summary>
/// <param name="Flops">Vector instructions on floats, each counted as the two operations of a fused product.</param>
/// <param name="Bytes">Each float that goes in and each that comes out, once.</param>
/// <param name="Held">Bytes of the memory that they lie in.</param>
readonly record struct Cost(double Flops, double Bytes, double Held)
{
    public Cost(double flops, double bytes)
        : this(flops, bytes, bytes)
    {
    }

    public static Cost operator +(Cost a, Cost b) => new(a.Flops + b.Flops, a.Bytes + b.Bytes, Math.Max(a.Held, b.Held));

    public double Milliseconds(Ceiling ceiling) => ceiling.Milliseconds(Flops, Bytes, Held);
}

/// <summary>What each kernel costs at least, by the shapes it is called with.</summary>
static class KernelCost
{
    // Instructions for a vector of results: a power of two (reduce, polynomial, scale), a logistic function, a softplus.
    const double Power = 9, Logistic = 12, Softplus = 22;

    // Two operations for an instruction.
    const double Each = 2;

    /// <summary>Three matrices, [M, K], [K, N] and [M, N] in any order: each length occurs in two of them.</summary>
    /// <param name="result">Of the three the one that is written, and read before if it is added to.</param>
    public static Cost Product(in Tensor a, in Tensor b, in Tensor result, bool adds) =>
        new(2 * Math.Sqrt(Floats(a) * Floats(b) * Floats(result) / a.Replicas), Bytes(Floats(a) + Floats(b) + ((adds ? 2 : 1) * Floats(result))));

    /// <summary>A state takes a power, its input, its update and its output.</summary>
    public static Cost ScanForward(in ScanTensors x)
    {
        double channels = Floats(x.U), states = channels * x.B.Columns;
        return new(Each * ((states * (Power + 4)) + (channels * (Softplus + Logistic + 6))), Bytes((2 * channels) + (2 * Floats(x.Z)) + (2 * Floats(x.B))));
    }

    /// <summary>Forward again without its output, then six fused products a state: the gradients of state, input, decay, B, C and step.</summary>
    public static Cost ScanBackward(in ScanTensors x)
    {
        double channels = Floats(x.U), states = channels * x.B.Columns;
        return new(Each * ((states * (Power + 3 + 8)) + (channels * (Softplus + (2 * Logistic) + 16))), Bytes((4 * channels) + (3 * Floats(x.Z)) + (4 * Floats(x.B))));
    }

    public static Cost ConvForward(in Tensor x, in Tensor w, int tokens) => new(Each * Floats(x) * (Taps(w.Rows, tokens) + Logistic + 1), Bytes(2 * Floats(x)));

    /// <summary>The convolution again, then a product a tap for each of its gradients.</summary>
    public static Cost ConvBackward(in Tensor x, in Tensor w, int tokens) =>
        new(Each * Floats(x) * ((3 * Taps(w.Rows, tokens)) + Logistic + 5), Bytes(3 * Floats(x)));

    public static Cost AttentionForward(in Tensor q, in Tensor k, int heads, int tokens)
    {
        double scores = (double)q.Replicas * q.Rows * tokens;
        return new(Each * scores * ((2 * q.Columns) + (heads * (Power + 4))), Bytes((2 * Floats(q)) + (2 * Floats(k)) + (scores * heads)));
    }

    public static Cost AttentionBackward(in Tensor q, in Tensor k, int heads, int tokens)
    {
        double scores = (double)q.Replicas * q.Rows * tokens;
        return new(Each * scores * ((4 * q.Columns) + (heads * 4)), Bytes((3 * Floats(q)) + (4 * Floats(k)) + (scores * heads)));
    }

    /// <summary>Three products between users, items and their scores, and a power a score.</summary>
    public static Cost SampledSoftmax(in Tensor users, in Tensor items)
    {
        double scores = (double)users.Replicas * users.Rows * items.Rows;
        return new(Each * scores * ((3 * users.Columns) + Power + 4), Bytes((2 * Floats(users)) + (2 * Floats(items)) + (2 * scores)));
    }

    /// <summary>A root, a quotient and eleven products, sums and moves a parameter; reads four arrays and writes three.</summary>
    public static Cost Adam(in Tensor parameters) => new(Each * Floats(parameters) * 13, Bytes(7 * Floats(parameters)), Bytes(4 * Floats(parameters)));

    /// <summary>A kernel that does little with each float.</summary>
    public static Cost Pass(double floats, double instructions) => new(Each * floats * instructions, Bytes(floats));

    public static double Floats(in Tensor x) => (double)x.Replicas * x.Rows * x.Columns;

    static double Bytes(double floats) => sizeof(float) * floats;

    /// <summary>Taps that see a token of the sample, not what is before it: the mean over its tokens.</summary>
    static double Taps(int width, int tokens) => Enumerable.Range(1, tokens).Average(token => Math.Min(token, width));
}
