using Pipeline.Kernels;
using Pipeline.Kernels.Cpu;
using Pipeline.Models;
using Pipeline.Models.Layers;
using Pipeline.Models.Towers;

namespace Pipeline.Bench;

/// <summary>Forward and backward of the layers alone, with as many tokens in a batch however they are cut into samples.</summary>
static class GrowthBench
{
    const int BatchTokens = 8192;

    public static Results Run(Setup setup)
    {
        var rows = (
            from length in new[] { 16, 64, 256, 1024, 4096 }
            from tower in AllTowers.List
            select Row(setup, tower, length)).ToList();
        return Results.Of(
            setup, rows.OrderBy(row => row.Name.Split(' ')[0], StringComparer.Ordinal),
            $"Tower and tokens of a sample; {BatchTokens} tokens a batch. ms: of a batch. bytesPerToken: resident memory that building and running the layers adds.");
    }

    static Row Row(Setup setup, ITowerOptions tower, int length)
    {
        var before = Environment.WorkingSet;
        using var kernels = new CpuKernels(setup.Options.Threads);
        var parameters = new ParameterBlock();
        var samples = BatchTokens / length;
        var layers = tower.BuildLayers(new LayerScope(kernels, parameters, 1, samples, length, ""));
        parameters.Allocate(kernels, 1, isTrained: true);
        parameters.Initialise(kernels, 0, 1);
        Tensor x = Tensors.Random(kernels, BatchTokens, tower.TokenWidth), dy = Tensors.Random(kernels, samples, tower.TokenWidth);
        var lastGradient = kernels.Allocate(1, samples, tower.TokenWidth);
        var item = new Case($"{tower.Name} {length}", () => Pass(kernels, layers, x, dy, lastGradient));
        item.WarmUp(0.1);
        var bytes = Environment.WorkingSet - before;
        setup.Neighbours.Watch(() => item.Measure(setup.Options.Seconds));
        return new Row(
            item.Name, item.Median, null, null, new("usPerToken", item.Median * 1000 / BatchTokens), new("bestUsPerToken", item.Best * 1000 / BatchTokens),
            new("bytesPerToken", bytes / (double)BatchTokens));
    }

    static void Pass(CpuKernels kernels, IReadOnlyList<ILayer> layers, Tensor x, Tensor dy, Tensor lastGradient)
    {
        foreach (var layer in layers)
        {
            x = layer.Forward(x);
        }

        // Backward may use the memory of its input.
        kernels.Clear(lastGradient);
        kernels.Add(dy, lastGradient);
        var dx = lastGradient;
        for (var i = layers.Count - 1; i >= 0; i--)
        {
            dx = layers[i].Backward(dx);
        }
    }
}
