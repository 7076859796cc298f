using System.ComponentModel.DataAnnotations;
using Pipeline.Stages.Configuration;

namespace Pipeline.Ingest.Datasets;

/// <summary>The generated raw files, used only where no raw folder is set.</summary>
public sealed record SpotifySampleOptions
{
    [Option("Seed of the generated playlists. It is not one of the seeds of the models: all of them train on the same files.")]
    [Range(0, int.MaxValue)]
    public int Seed { get; init; } = 1;
}
