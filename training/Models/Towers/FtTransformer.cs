using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Pipeline.Models.Layers;
using Pipeline.Stages.Configuration;

namespace Pipeline.Models.Towers;

/// <summary>FT-Transformer: a feature tokenizer, post-norm encoder layers, a head.</summary>
/// <remarks>
/// Source: Gorishniy et al. 2021, with [CLS] last as in Starnes and Webster, section II-B. With the defaults the layers have
/// 1,186,048 parameters, the paper's count.
/// </remarks>
public sealed record TransformerOptions : ITowerOptions, IChecked
{
    [JsonIgnore]
    public string Name => "transformer";

    // NOTE: differs from the paper's text, which says 192: only 128 gives the parameter counts that it prints.
    [Option("Width of a token; a multiple of heads.")]
    [Range(1, 4096)]
    public int TokenWidth { get; init; } = 128;

    [Option("Encoder layers, one after the other.")]
    [Range(1, 64)]
    public int Layers { get; init; } = 2;

    [Option("Attention heads of a layer.")]
    [Range(1, 64)]
    public int Heads { get; init; } = 2;

    [Option("Hidden nodes of a layer's feed-forward network.")]
    [Range(1, 65536)]
    public int FeedForwardWidth { get; init; } = 2048;

    [Option("The feed-forward network at the tower's end.")]
    public HeadOptions Head { get; init; } = new();

    /// <summary>In the order of <see cref="TransformerLayer"/>.</summary>
    [JsonIgnore]
    public long LayerParameters
    {
        get
        {
            long c = TokenWidth, f = FeedForwardWidth;
            return Layers * ((3 * c * c) + (3 * c) + (c * c) + c + (c * f) + f + (f * c) + c + (4 * c));
        }
    }

    public IReadOnlyList<ILayer> BuildLayers(LayerScope scope) =>
        [.. Enumerable.Range(0, Layers).Select(i => new TransformerLayer(scope.Below($"layers.{i}"), this, isLastTokenOnly: i == Layers - 1))];

    public IEnumerable<(string Path, string Message)> Check()
    {
        if (Heads > 0 && TokenWidth % Heads != 0)
        {
            var below = TokenWidth / Heads * Heads;
            yield return ("tokenWidth", $"is {TokenWidth}; it must be a multiple of heads ({Heads}). Nearest: {below} or {below + Heads}.");
        }
    }
}
