using System.Diagnostics;
using Pipeline.Kernels;

namespace Pipeline.Bench;

/// <summary>Passes every call on and adds up time and cost by kernel.</summary>
sealed class ProfiledKernels(IKernels inner, Ceiling ceiling) : IKernels
{
    readonly Dictionary<string, KernelTime> times = new(StringComparer.Ordinal);

    /// <summary>By kernel, the longest first, since the start.</summary>
    public IEnumerable<KernelTime> Times => times.Values.OrderByDescending(time => time.Ms);

    public void Reset() => times.Clear();

    public Tensor Allocate(int replicas, int rows, int columns) => inner.Allocate(replicas, rows, columns);

    public IndexTensor AllocateIndices(int replicas, int rows, int columns) => inner.AllocateIndices(replicas, rows, columns);

    public void Dispose() => inner.Dispose();

    public void Write(ReadOnlySpan<float> values, Tensor target)
    {
        var start = Stopwatch.GetTimestamp();
        inner.Write(values, target);
        Add("write", default, start);
    }

    public void Write(ReadOnlySpan<int> values, IndexTensor target)
    {
        var start = Stopwatch.GetTimestamp();
        inner.Write(values, target);
        Add("write", default, start);
    }

    public void Read(Tensor source, Span<float> values)
    {
        var start = Stopwatch.GetTimestamp();
        inner.Read(source, values);
        Add("read", default, start);
    }

    public void Clear(Tensor x) => Time("clear", KernelCost.Pass(KernelCost.Floats(x), 1), () => inner.Clear(x));

    public void Add(Tensor x, Tensor y) => Time("add", KernelCost.Pass(3 * KernelCost.Floats(x), 1), () => inner.Add(x, y));

    public void TokenizerForward(Tensor numeric, IndexTensor categories, Tensor weight, Tensor table, Tensor bias, Tensor tokens) =>
        Time("tokenizer forward", KernelCost.Pass(KernelCost.Floats(tokens), 1), () => inner.TokenizerForward(numeric, categories, weight, table, bias, tokens));

    public void TokenizerBackward(Tensor dtokens, Tensor numeric, IndexTensor categories, Tensor dweight, Tensor dtable, Tensor dbias) =>
        Time("tokenizer backward", KernelCost.Pass(KernelCost.Floats(dtokens), 2), () => inner.TokenizerBackward(dtokens, numeric, categories, dweight, dtable, dbias));

    public void LinearForward(Tensor x, Tensor w, Tensor bias, Activation activation, Tensor y) =>
        Time(Product("linear forward", x, w), KernelCost.Product(x, w, y, adds: false), () => inner.LinearForward(x, w, bias, activation, y));

    public void LinearBackwardInput(Tensor dy, Tensor w, Tensor dx, bool add) =>
        Time(Product("linear backward input", dy, w), KernelCost.Product(dy, w, dx, add), () => inner.LinearBackwardInput(dy, w, dx, add));

    public void LinearBackwardWeight(Tensor dy, Tensor x, Tensor dw, Tensor dbias, bool add = true) =>
        Time(Product("linear backward weight", dy, dw), KernelCost.Product(dy, x, dw, add), () => inner.LinearBackwardWeight(dy, x, dw, dbias, add));

    public void ReluBackward(Tensor y, Tensor dy) => Time("relu backward", KernelCost.Pass(3 * KernelCost.Floats(y), 1), () => inner.ReluBackward(y, dy));

    public void LayerNormForward(Tensor x, Tensor residual, Tensor gamma, Tensor beta, Tensor y, Tensor mean, Tensor rstd) =>
        Time("layer norm forward", KernelCost.Pass((residual.IsNone ? 2 : 3) * KernelCost.Floats(x), 3), () => inner.LayerNormForward(x, residual, gamma, beta, y, mean, rstd));

    public void LayerNormBackward(Tensor dy, Tensor x, Tensor residual, Tensor gamma, Tensor mean, Tensor rstd, Tensor dx, Tensor dgamma, Tensor dbeta) =>
        Time("layer norm backward", KernelCost.Pass((residual.IsNone ? 3 : 4) * KernelCost.Floats(x), 4), () => inner.LayerNormBackward(dy, x, residual, gamma, mean, rstd, dx, dgamma, dbeta));

    public void ConvSiluForward(Tensor x, Tensor w, Tensor bias, int tokens, Tensor y) =>
        Time("conv silu forward", KernelCost.ConvForward(x, w, tokens), () => inner.ConvSiluForward(x, w, bias, tokens, y));

    public void ConvSiluBackward(Tensor dy, Tensor x, Tensor w, Tensor bias, int tokens, Tensor dx, Tensor dw, Tensor dbias) =>
        Time("conv silu backward", KernelCost.ConvBackward(x, w, tokens), () => inner.ConvSiluBackward(dy, x, w, bias, tokens, dx, dw, dbias));

    public void ScanForward(in ScanTensors inputs, int tokens, Tensor y)
    {
        var start = Stopwatch.GetTimestamp();
        inner.ScanForward(inputs, tokens, y);
        Add("scan forward", KernelCost.ScanForward(inputs), start);
    }

    public void ScanBackward(Tensor dy, in ScanTensors inputs, int tokens, in ScanTensors gradients)
    {
        var start = Stopwatch.GetTimestamp();
        inner.ScanBackward(dy, inputs, tokens, gradients);
        Add("scan backward", KernelCost.ScanBackward(inputs), start);
    }

    public void AttentionForward(Tensor q, Tensor k, Tensor v, int heads, int tokens, Tensor y, Tensor probabilities) =>
        Time("attention forward", KernelCost.AttentionForward(q, k, heads, tokens), () => inner.AttentionForward(q, k, v, heads, tokens, y, probabilities));

    public void AttentionBackward(Tensor dy, Tensor q, Tensor k, Tensor v, Tensor probabilities, int heads, int tokens, Tensor dq, Tensor dk, Tensor dv) =>
        Time("attention backward", KernelCost.AttentionBackward(q, k, heads, tokens), () => inner.AttentionBackward(dy, q, k, v, probabilities, heads, tokens, dq, dk, dv));

    public void SquaredErrorLoss(Tensor users, Tensor items, Tensor targets, Tensor scores, Tensor loss, Tensor dusers, Tensor ditems) =>
        Time("loss", KernelCost.Pass(4 * KernelCost.Floats(users), 1), () => inner.SquaredErrorLoss(users, items, targets, scores, loss, dusers, ditems));

    public void SampledSoftmaxLoss(
        Tensor users, Tensor items, Tensor corrections, float temperature, Tensor dproducts, Tensor loss, Tensor dusers, Tensor ditems) =>
        Time("loss", KernelCost.SampledSoftmax(users, items), () =>
            inner.SampledSoftmaxLoss(users, items, corrections, temperature, dproducts, loss, dusers, ditems));

    public void AdamStep(Tensor parameters, Tensor gradients, Tensor firstMoments, Tensor secondMoments, in AdamRates rates, long step)
    {
        var start = Stopwatch.GetTimestamp();
        inner.AdamStep(parameters, gradients, firstMoments, secondMoments, rates, step);
        Add("adam", KernelCost.Adam(parameters), start);
    }

    static string Product(string name, Tensor rows, Tensor weight) => $"{name} [{rows.Rows}] x [{weight.Rows}, {weight.Columns}]";

    void Time(string kernel, Cost cost, Action call)
    {
        var start = Stopwatch.GetTimestamp();
        call();
        Add(kernel, cost, start);
    }

    void Add(string kernel, Cost cost, long start)
    {
        var ms = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        var sum = times.GetValueOrDefault(kernel, new KernelTime(kernel, 0, 0, 0, default));
        times[kernel] = new(kernel, sum.Ms + ms, sum.FloorMs + cost.Milliseconds(ceiling), sum.Calls + 1, sum.Cost + cost);
    }
}

/// <summary>Sums over the calls of one kernel.</summary>
readonly record struct KernelTime(string Kernel, double Ms, double FloorMs, long Calls, Cost Cost);
