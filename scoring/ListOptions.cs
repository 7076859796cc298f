using System.ComponentModel.DataAnnotations;
using Pipeline.Stages.Configuration;

namespace Pipeline.Scoring;

/// <summary>How lists are made.</summary>
public sealed record ListOptions
{
    // The report's longest cutoff is 12.
    [Option("Items of a list; fewer only where the catalogue has fewer, or fewer that the user did not buy.", Unit = "items")]
    [Range(12, 10_000)]
    public int Length { get; init; } = 12;

    [Option("Users of one Parquet part of the published lists.", Unit = "users")]
    [Range(1, 10_000_000)]
    public int UsersPerPart { get; init; } = 250_000;

    [Option("Leave out items that the user is known to have bought.")]
    public bool MaskBought { get; init; }

    [Option("Write submission.csv beside the published lists: customer_id,prediction with the items joined by blanks.")]
    public bool Submission { get; init; }
}
