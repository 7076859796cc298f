using System.ComponentModel.DataAnnotations;
using Pipeline.Stages.Configuration;

namespace Pipeline.Features.Hm;

/// <summary>What an item is, and how users are encoded.</summary>
public sealed record HmFeatureOptions
{
    [Option("What makes articles one item: their name in all sizes and colours (prodName), or nothing (articleId).")]
    public HmItemKey ItemKey { get; init; } = HmItemKey.ProdName;

    [Option("The most bought items are the catalogue; what else was bought is outside it.", Unit = "items")]
    [Range(1, 1_000_000)]
    public int Items { get; init; } = 100;

    [Option("How an age enters: with mean 0 and deviation 1 (standardised), or as it is (years).")]
    public AgeScale AgeScale { get; init; } = AgeScale.Standardised;
}

/// <summary>What makes articles one item.</summary>
public enum HmItemKey
{
    /// <summary>The product's name, as the paper has it.</summary>
    ProdName,

    ArticleId,
}
