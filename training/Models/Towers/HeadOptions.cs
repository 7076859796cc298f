using System.ComponentModel.DataAnnotations;
using Pipeline.Kernels;
using Pipeline.Stages.Configuration;

namespace Pipeline.Models.Towers;

/// <summary>What follows the layers of a tower: Linear, ReLU, Linear, and ReLU or nothing.</summary>
public sealed record HeadOptions
{
    [Option("Nodes of the hidden layer.")]
    [Range(1, 4096)]
    public int HiddenWidth { get; init; } = 64;

    [Option("Nodes of the output layer: the width of the embeddings that are compared.")]
    [Range(1, 1024)]
    public int EmbeddingWidth { get; init; } = 32;

    [Option("What the output layer ends in. The paper's ReLU learns targets 0 and 1; with targets below 0 it dies.")]
    public HeadOutput Output { get; init; } = HeadOutput.Relu;

    /// <param name="tokenWidth">C</param>
    internal long CountParameters(long tokenWidth) => ((tokenWidth + 1) * HiddenWidth) + ((HiddenWidth + 1L) * EmbeddingWidth);

    internal Activation OutputActivation => Output == HeadOutput.Relu ? Activation.Relu : Activation.None;
}

/// <summary>What a head ends in.</summary>
public enum HeadOutput
{
    Relu,
    Linear,
}
