using System.ComponentModel.DataAnnotations;
using Pipeline.Features.Clusters;
using Pipeline.Stages.Configuration;

namespace Pipeline.Features.Vaccine;

/// <summary>How users and messages are clustered; a user takes to the messages whose cluster has the number of the user's.</summary>
public sealed record VaccineClusterOptions
{
    [Option("The users that are clustered and trained on, from the first; those after them are fresh ones for tests.", Unit = "users")]
    [Range(100, 10_000_000)]
    public int Users { get; init; } = 50_000;

    [Option("How an age enters the clusters beside categories of 0 and 1: in years, which makes clusters of ages, or with mean 0 and deviation 1.")]
    public AgeScale AgeScale { get; init; } = AgeScale.Years;

    [Option("How clusters are found.")]
    public KMeansOptions KMeans { get; init; } = new();
}

/// <summary>What is drawn for each seed.</summary>
public sealed record VaccinePairsOptions
{
    [Option("Pairs to train on, in the order in which they are drawn, with replacement.", Unit = "pairs")]
    [Range(1, 100_000_000)]
    public int Train { get; init; } = 160_000;

    [Option("Pairs for the loss through training.", Unit = "pairs")]
    [Range(1, 10_000_000)]
    public int Validation { get; init; } = 1_000;

    // NOTE: differs from Starnes and Webster, sec. III, who take 100: the interval of a metric narrows with the root of their number.
    [Option("Fresh users that the report counts. The paper takes 100; more give narrower intervals.", Unit = "users")]
    [Range(1, 1_000_000)]
    public int TestUsers { get; init; } = 2_000;
}
