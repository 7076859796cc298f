using System.ComponentModel.DataAnnotations;
using Pipeline.Stages.Configuration;

namespace Pipeline.Scoring.Baselines;

/// <summary>The lists that need no model.</summary>
public sealed record BaselineOptions
{
    [Option("Days before the end of the training history that recent popularity counts.", Unit = "days")]
    [Range(1, 10_000)]
    public int RecentDays { get; init; } = 7;
}
