using System.ComponentModel.DataAnnotations;
using Pipeline.Stages.Configuration;

namespace Pipeline.Ingest.Datasets;

/// <summary>The generated population, used only where no raw folder is set.</summary>
public sealed record VaccineSampleOptions
{
    [Option("Seed of the generated users. It is not one of the seeds of the models: all of them meet the same people.")]
    [Range(0, int.MaxValue)]
    public int Seed { get; init; } = 1;

    [Option("Generated users: those whom models train on and, after them, fresh ones for tests.", Unit = "users")]
    [Range(1_000, 10_000_000)]
    public int Users { get; init; } = 60_000;
}
