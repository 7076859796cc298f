using System.ComponentModel.DataAnnotations;
using Pipeline.Stages.Configuration;

namespace Pipeline.Models;

/// <summary>How a two-tower model is trained. Defaults: the paper, section III.</summary>
public sealed record TrainingOptions
{
    [Option("Steps of the optimizer. 160,000 pairs in batches of 32 are 5,000 steps an epoch.", Unit = "steps")]
    [Range(1, 10_000_000)]
    public int Steps { get; init; } = 5000;

    [Option("Pairs of a step.", Unit = "pairs")]
    [Range(1, 65536)]
    public int Batch { get; init; } = 32;

    [Option("Adam's learning rate.")]
    [Range(1e-9, 1.0)]
    public double LearningRate { get; init; } = 1e-4;

    [Option("How often the top lists of the probe users are written, for the curves.", Unit = "steps")]
    [Range(1, 10_000_000)]
    public int ProbeEverySteps { get; init; } = 250;

    [Option("Test users whose lists are followed through training.", Unit = "users")]
    [Range(0, 100_000)]
    public int ProbeUsers { get; init; } = 100;

    [Option("How often training can be resumed from, if it is killed.", Unit = "steps")]
    [Range(1, 10_000_000)]
    public int CheckpointEverySteps { get; init; } = 500;
}
