using Pipeline.Kernels;
using Pipeline.Kernels.Cpu;

namespace Pipeline.Bench;

/// <summary>The selective scan at the size that the towers have: batch 32, 256 channels, 16 states; and once at the length of a long document.</summary>
static class ScanBench
{
    const int Channels = 256, States = 16;

    static readonly (int Samples, int Tokens)[] Sizes = [(32, 21), (32, 9), (32, 6), (32, 2), (2, 1024)];

    public static Results Run(Setup setup)
    {
        using var kernels = new CpuKernels(setup.Options.Threads);
        var cases = Sizes.SelectMany(size => Cases(kernels, size.Samples, size.Tokens)).ToList();
        Rounds.Run([.. cases.Select(item => item.Case)], setup, RunPeer);
        return Results.Of(
            setup,
            cases.Select(item => new Row(
                item.Case.Name, item.Case.Median, item.Cost.Milliseconds(setup.Ceiling), setup.Peer?.Ms(item.Case.Name), new("bestMs", item.Case.Best),
                new("gigaBytes", item.Cost.Bytes * 1e-6 / item.Case.Median))),
            "Samples x tokens, 256 channels, 16 states. Floor: every vector instruction of the recurrence at the peak. gigaBytes: read and written, a second.");
    }

    static IEnumerable<(Case Case, Cost Cost)> Cases(CpuKernels kernels, int samples, int tokens)
    {
        var rows = samples * tokens;
        var inputs = Inputs(kernels, rows);
        var gradients = Inputs(kernels, rows);
        Tensor y = Tensors.Random(kernels, rows, Channels), dy = Tensors.Random(kernels, rows, Channels);
        Cost forward = KernelCost.ScanForward(inputs), both = forward + KernelCost.ScanBackward(inputs);
        yield return (new Case($"{samples}x{tokens} forward", () => kernels.ScanForward(inputs, tokens, y)), forward);
        yield return (
            new Case($"{samples}x{tokens} both", () =>
            {
                kernels.ScanForward(inputs, tokens, y);
                kernels.ScanBackward(dy, inputs, tokens, gradients);
            }), both);
    }

    static ScanTensors Inputs(CpuKernels kernels, int rows) => new(
        Tensors.Random(kernels, rows, Channels), Tensors.Random(kernels, rows, Channels), Tensors.Random(kernels, States, Channels),
        Tensors.Random(kernels, rows, States), Tensors.Random(kernels, rows, States), Tensors.Random(kernels, 1, Channels), Tensors.Random(kernels, rows, Channels));

    /// <summary>The peer has no gate in its scan, and three implementations of which the best counts.</summary>
    static void RunPeer(Peer peer, double seconds) => peer.Run(
        "scan", seconds, [],
        row => ((string)row["scan"]! == "af" ? $"32x{row["L"]} {((string)row["what"]! == "fwd" ? "forward" : "both")}" : "other", (double)row["ms_median"]!));
}
