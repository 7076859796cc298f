using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Pipeline.Models.Layers;
using Pipeline.Stages.Configuration;

namespace Pipeline.Models.Towers;

/// <summary>FT-Mamba: a feature tokenizer, Mamba layers, a head.</summary>
/// <remarks>
/// Source: Starnes and Webster, section II-B and figure 1(a). Layers and [CLS] as there; with the defaults the layers have
/// 479,232 parameters, the paper's count.
/// </remarks>
public sealed record MambaOptions : ITowerOptions
{
    [JsonIgnore]
    public string Name => "mamba";

    // NOTE: differs from the paper's text, which says 192: only 128 gives the parameter counts that it prints.
    [Option("Width of a token.")]
    [Range(1, 4096)]
    public int TokenWidth { get; init; } = 128;

    [Option("Mamba layers, one after the other.")]
    [Range(1, 64)]
    public int Layers { get; init; } = 4;

    [Option("Inner channels per token channel.")]
    [Range(1, 16)]
    public int Expand { get; init; } = 2;

    [Option("States of each inner channel.")]
    [Range(1, 256)]
    public int StateWidth { get; init; } = 16;

    [Option("Tokens that the convolution sees, the token itself included.")]
    [Range(1, 256)]
    public int ConvolutionWidth { get; init; } = 16;

    [Option("The feed-forward network at the tower's end.")]
    public HeadOptions Head { get; init; } = new();

    /// <summary>D</summary>
    [JsonIgnore]
    public int InnerWidth => Expand * TokenWidth;

    /// <summary>Width of the bottleneck that the step sizes come through: C / 16, rounded up (Gu and Dao 2023).</summary>
    [JsonIgnore]
    public int StepRank => (TokenWidth + 15) / 16;

    /// <summary>In the order of <see cref="MambaLayer"/>.</summary>
    [JsonIgnore]
    public long LayerParameters
    {
        get
        {
            long c = TokenWidth, d = InnerWidth, n = StateWidth, r = StepRank, w = ConvolutionWidth;
            return Layers * ((2 * d * c) + (w * d) + d + ((r + (2 * n)) * d) + (d * r) + d + (n * d) + d + (c * d) + (2 * c));
        }
    }

    public IReadOnlyList<ILayer> BuildLayers(LayerScope scope) =>
        [.. Enumerable.Range(0, Layers).Select(i => new MambaLayer(scope.Below($"layers.{i}"), this, isLastTokenOnly: i == Layers - 1))];
}
