using System.ComponentModel.DataAnnotations;
using Pipeline.Stages.Configuration;

namespace Pipeline.Features.Hm;

/// <summary>What training may know, what is drawn from it, and whom the report counts.</summary>
public sealed record HmSplitOptions
{
    [Option("Whose purchases training does not see: those of drawn test users (random, the paper's), or everybody's from a date on (time).")]
    public HmSplitKind Kind { get; init; } = HmSplitKind.Random;

    [Option("Under random: users drawn for the report, none of whose purchases is trained on.", Unit = "users")]
    [Range(1, 10_000_000)]
    public int TestUsers { get; init; } = 100;

    [Option("Under random: a test user bought at least so many different items of the catalogue.", Unit = "items")]
    [Range(1, 1_000_000)]
    public int MinPurchases { get; init; } = 5;

    [Option("Under time: the first day of the test period. What is bought from then on is neither trained on nor counted in the choice of items.")]
    public DateOnly Date { get; init; } = new(2020, 9, 16);

    [Option("Purchases to train on, drawn with replacement. Each brings one negative under the loss mse: the paper's 160,000 pairs.", Unit = "purchases")]
    [Range(1, 100_000_000)]
    public int Train { get; init; } = 80_000;

    [Option("Purchases for the loss through training, drawn in the same way.", Unit = "purchases")]
    [Range(1, 10_000_000)]
    public int Validation { get; init; } = 500;

    /// <summary>The first day that nothing but the test may know; null if no day decides.</summary>
    public DateOnly? TestPeriod => Kind == HmSplitKind.Time ? Date : null;
}

/// <summary>What divides purchases to train on from those to test with.</summary>
public enum HmSplitKind
{
    /// <summary>Users are drawn, and all they bought is relevant.</summary>
    Random,

    /// <summary>A date: who buys on or after it is a test user, and what they buy then is relevant.</summary>
    Time,
}
