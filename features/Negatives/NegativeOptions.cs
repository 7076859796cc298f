using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Pipeline.Stages.Configuration;

namespace Pipeline.Features.Negatives;

/// <summary>Which items stand for what users did not take.</summary>
public sealed record NegativeOptions : IChecked
{
    [Option("How items are drawn: uniform (the paper's), popularity or hard for the loss mse; inBatch or mixed for sampledSoftmax.")]
    public NegativeKind Strategy { get; init; } = NegativeKind.Uniform;

    [Option("Under popularity: an item is drawn by its purchases to this power; 0 is uniform.")]
    [Range(0.0, 10.0)]
    public double Alpha { get; init; } = 0.75;

    [Option("Negatives that an earlier model took for likely.")]
    public HardNegativeOptions Hard { get; init; } = new();

    public IEnumerable<(string Path, string Message)> Check()
    {
        if (Strategy == NegativeKind.Hard && Hard.Lists is null)
        {
            yield return ("hard.lists", "is not set, but strategy is hard; name the folder of an earlier generation of lists, such as data/hm/4-topk/mamba/NAME, or choose another strategy.");
        }

        if (Hard.Lists is { Length: 0 })
        {
            yield return ("hard.lists", "is empty; it must name a folder, or be absent.");
        }
    }

    /// <summary>A strategy goes with one loss or the other.</summary>
    /// <param name="isContrastive">True for sampledSoftmax, false for mse.</param>
    public IEnumerable<(string Path, string Message)> CheckLoss(bool isContrastive)
    {
        var (isDrawn, name) = (AllNegatives.Of(Strategy) is IDrawnNegatives, JsonNamingPolicy.CamelCase.ConvertName(Strategy.ToString()));
        if (isContrastive && isDrawn)
        {
            yield return ("strategy", $"is {name}, but the loss sampledSoftmax takes its negatives from the batch; it must be inBatch or mixed, or the loss mse.");
        }

        if (!isContrastive && !isDrawn)
        {
            yield return ("strategy", $"is {name}, but the loss mse needs a negative for each purchase; it must be uniform, popularity or hard, or the loss sampledSoftmax.");
        }
    }
}

/// <summary>Where hard negatives come from.</summary>
public sealed record HardNegativeOptions
{
    [Option("Folder of one earlier generation of lists, as 4-topk/TOWER holds them; relative to this file. What is in it decides, not where it lies.")]
    public string? Lists { get; init; }
}

/// <summary>The strategies, in the order of <see cref="AllNegatives"/>.</summary>
public enum NegativeKind
{
    Uniform,
    Popularity,
    Hard,
    InBatch,
    Mixed,
}
