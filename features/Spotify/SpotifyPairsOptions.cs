using System.ComponentModel.DataAnnotations;
using Pipeline.Stages.Configuration;

namespace Pipeline.Features.Spotify;

/// <summary>What is drawn for each seed.</summary>
public sealed record SpotifyPairsOptions
{
    [Option("Pairs to train on, in the order in which they are drawn.", Unit = "pairs")]
    [Range(1, 100_000_000)]
    public int Train { get; init; } = 160_000;

    [Option("Pairs for the loss through training.", Unit = "pairs")]
    [Range(1, 10_000_000)]
    public int Validation { get; init; } = 1_000;

    // NOTE: differs from Starnes and Webster, sec. III, who take 100: the interval of a metric narrows with the root of their number.
    [Option("Users that the report counts. The paper takes 100; more give narrower intervals.", Unit = "users")]
    [Range(1, 1_000_000)]
    public int TestUsers { get; init; } = 2_000;

    [Option("A song is liked if the preference is above this, disliked if it is below its negative.")]
    [Range(0.0, 10.0)]
    public double Threshold { get; init; } = 0.1;
}
