using System.ComponentModel.DataAnnotations;
using Pipeline.Stages.Configuration;

namespace Pipeline.Ingest.Datasets;

/// <summary>How raw files are read.</summary>
public sealed record HmIngestOptions
{
    [Option("Share of a file's rows that may be unreadable; they are put aside in quarantine.jsonl. More of them fail the stage.")]
    [Range(0.0, 1.0)]
    public double MaxQuarantinedShare { get; init; } = 0.01;
}
