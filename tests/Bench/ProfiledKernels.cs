using System.Diagnostics;
using Pipeline.Kernels;

namespace Pipeline.Bench;

/// <summary>Passes every call on and adds up the time by kernel.</summary>
sealed class ProfiledKernels(IKernels inner) : IKernels
{
    readonly Dictionary<string, (long Ticks, long Calls)> times = new(StringComparer.Ordinal);

    /// <summary>By kernel, the longest first: milliseconds and calls since the start.</summary>
    public IEnumerable<(string Kernel, double Milliseconds, long Calls)> Times =>
        times.Select(entry => (entry.Key, entry.Value.Ticks * 1000.0 / Stopwatch.Frequency, entry.Value.Calls)).OrderByDescending(entry => entry.Item2);

    public void Reset() => times.Clear();

    public Tensor Allocate(int replicas, int rows, int columns) => inner.Allocate(replicas, rows, columns);

    public IndexTensor AllocateIndices(int replicas, int rows, int columns) => inner.AllocateIndices(replicas, rows, columns);

    public void Dispose() => inner.Dispose();

    public void Write(ReadOnlySpan<float> values, Tensor target)
    {
        var start = Stopwatch.GetTimestamp();
        inner.Write(values, target);
        Add("write", start);
    }

    public void Write(ReadOnlySpan<int> values, IndexTensor target)
    {
        var start = Stopwatch.GetTimestamp();
        inner.Write(values, target);
        Add("write", start);
    }

    public void Read(Tensor source, Span<float> values)
    {
        var start = Stopwatch.GetTimestamp();
        inner.Read(source, values);
        Add("read", start);
    }

    public void Clear(Tensor x) => Time("clear", () => inner.Clear(x));

    public void Add(Tensor x, Tensor y) => Time("add", () => inner.Add(x, y));

    public void TokenizerForward(Tensor numeric, IndexTensor categories, Tensor weight, Tensor table, Tensor bias, Tensor tokens) =>
        Time("tokenizer forward", () => inner.TokenizerForward(numeric, categories, weight, table, bias, tokens));

    public void TokenizerBackward(Tensor dtokens, Tensor numeric, IndexTensor categories, Tensor dweight, Tensor dtable, Tensor dbias) =>
        Time("tokenizer backward", () => inner.TokenizerBackward(dtokens, numeric, categories, dweight, dtable, dbias));

    public void LinearForward(Tensor x, Tensor w, Tensor bias, Activation activation, Tensor y) =>
        Time(Product("linear forward", x, w), () => inner.LinearForward(x, w, bias, activation, y));

    public void LinearBackwardInput(Tensor dy, Tensor w, Tensor dx, bool add) =>
        Time(Product("linear backward input", dy, w), () => inner.LinearBackwardInput(dy, w, dx, add));

    public void LinearBackwardWeight(Tensor dy, Tensor x, Tensor dw, Tensor dbias) =>
        Time(Product("linear backward weight", dy, dw), () => inner.LinearBackwardWeight(dy, x, dw, dbias));

    public void ReluBackward(Tensor y, Tensor dy) => Time("relu backward", () => inner.ReluBackward(y, dy));

    public void LayerNormForward(Tensor x, Tensor residual, Tensor gamma, Tensor beta, Tensor y, Tensor mean, Tensor rstd) =>
        Time("layer norm forward", () => inner.LayerNormForward(x, residual, gamma, beta, y, mean, rstd));

    public void LayerNormBackward(Tensor dy, Tensor x, Tensor residual, Tensor gamma, Tensor mean, Tensor rstd, Tensor dx, Tensor dgamma, Tensor dbeta) =>
        Time("layer norm backward", () => inner.LayerNormBackward(dy, x, residual, gamma, mean, rstd, dx, dgamma, dbeta));

    public void ConvSiluForward(Tensor x, Tensor w, Tensor bias, int tokens, Tensor y) =>
        Time("conv silu forward", () => inner.ConvSiluForward(x, w, bias, tokens, y));

    public void ConvSiluBackward(Tensor dy, Tensor x, Tensor w, Tensor bias, int tokens, Tensor dx, Tensor dw, Tensor dbias) =>
        Time("conv silu backward", () => inner.ConvSiluBackward(dy, x, w, bias, tokens, dx, dw, dbias));

    public void ScanForward(in ScanTensors inputs, int tokens, Tensor y)
    {
        var start = Stopwatch.GetTimestamp();
        inner.ScanForward(inputs, tokens, y);
        Add("scan forward", start);
    }

    public void ScanBackward(Tensor dy, in ScanTensors inputs, int tokens, in ScanTensors gradients)
    {
        var start = Stopwatch.GetTimestamp();
        inner.ScanBackward(dy, inputs, tokens, gradients);
        Add("scan backward", start);
    }

    public void AttentionForward(Tensor q, Tensor k, Tensor v, int heads, int tokens, Tensor y, Tensor probabilities) =>
        Time("attention forward", () => inner.AttentionForward(q, k, v, heads, tokens, y, probabilities));

    public void AttentionBackward(Tensor dy, Tensor q, Tensor k, Tensor v, Tensor probabilities, int heads, int tokens, Tensor dq, Tensor dk, Tensor dv) =>
        Time("attention backward", () => inner.AttentionBackward(dy, q, k, v, probabilities, heads, tokens, dq, dk, dv));

    public void SquaredErrorLoss(Tensor users, Tensor items, Tensor targets, Tensor scores, Tensor loss, Tensor dusers, Tensor ditems) =>
        Time("loss", () => inner.SquaredErrorLoss(users, items, targets, scores, loss, dusers, ditems));

    public void AdamStep(Tensor parameters, Tensor gradients, Tensor firstMoments, Tensor secondMoments, in AdamRates rates, long step)
    {
        var start = Stopwatch.GetTimestamp();
        inner.AdamStep(parameters, gradients, firstMoments, secondMoments, rates, step);
        Add("adam", start);
    }

    static string Product(string name, Tensor rows, Tensor weight) => $"{name} [{rows.Rows}] x [{weight.Rows}, {weight.Columns}]";

    void Time(string kernel, Action call)
    {
        var start = Stopwatch.GetTimestamp();
        call();
        Add(kernel, start);
    }

    void Add(string kernel, long start)
    {
        var (ticks, calls) = times.GetValueOrDefault(kernel);
        times[kernel] = (ticks + Stopwatch.GetTimestamp() - start, calls + 1);
    }
}
