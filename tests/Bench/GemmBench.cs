using Pipeline.Kernels;
using Pipeline.Kernels.Cpu;

namespace Pipeline.Bench;

/// <summary>The three products of a linear layer, at the shapes that the towers have.</summary>
static class GemmBench
{
    static readonly (int Rows, int Inputs, int Outputs)[] Shapes =
    [
        (672, 128, 512), (672, 256, 128), (672, 128, 2048), (672, 2048, 128),
        (64, 128, 512), (64, 256, 128), (64, 128, 2048), (64, 2048, 128),
    ];

    public static Results Run(Setup setup)
    {
        using var kernels = new CpuKernels(setup.Options.Threads);
        var cases = Shapes.SelectMany(shape => Cases(kernels, shape.Rows, shape.Inputs, shape.Outputs)).ToList();
        Rounds.Run([.. cases.Select(item => item.Case)], setup, RunPeer);
        return Results.Of(
            setup, cases.Select(item => Row(setup, item.Case, item.Flops)),
            "Rows x inputs x outputs of a linear layer; share: of the peak.");
    }

    static Row Row(Setup setup, Case item, double flops)
    {
        var gigaFlops = flops * 1e-6 / item.Median;
        return new Row(
            item.Name, item.Median, new Cost(flops, 0).Milliseconds(setup.Ceiling), setup.Peer?.Ms(item.Name), new("bestMs", item.Best), new("gigaFlops", gigaFlops),
            new("share", gigaFlops / setup.Ceiling.Peak));
    }

    static IEnumerable<(Case Case, double Flops)> Cases(CpuKernels kernels, int rows, int inputs, int outputs)
    {
        Tensor x = Tensors.Random(kernels, rows, inputs), dx = Tensors.Random(kernels, rows, inputs);
        Tensor w = Tensors.Random(kernels, outputs, inputs), dw = Tensors.Random(kernels, outputs, inputs);
        Tensor y = Tensors.Random(kernels, rows, outputs), bias = Tensors.Random(kernels, 1, outputs);
        var (name, flops) = ($"{rows}x{inputs}x{outputs}", 2.0 * rows * inputs * outputs);
        yield return (new Case($"{name} forward", () => kernels.LinearForward(x, w, bias, Activation.None, y)), flops);
        yield return (new Case($"{name} input gradient", () => kernels.LinearBackwardInput(y, w, dx, add: false)), flops);
        yield return (new Case($"{name} weight gradient", () => kernels.LinearBackwardWeight(y, x, dw, Tensor.None, add: false)), flops);
    }

    /// <summary>The peer gives a case a quarter of the seconds that it is told.</summary>
    static void RunPeer(Peer peer, double seconds) => peer.Run("mm", 4 * seconds, [], row =>
    {
        var form = (string)row["var"]! switch { "NN fwd" => "forward", "NT dX" => "input gradient", _ => "weight gradient" };
        return ($"{row["shape"]} {form}", (double)row["us"]! / 1000);
    });
}
