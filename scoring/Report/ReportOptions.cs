using System.ComponentModel.DataAnnotations;
using Pipeline.Stages.Configuration;

namespace Pipeline.Scoring.Report;

/// <summary>How the evaluation report is made.</summary>
public sealed record ReportOptions
{
    [Option("Resamples behind every interval; more make its ends steadier.", Unit = "resamples")]
    [Range(100, 1_000_000)]
    public int Resamples { get; init; } = 2_000;
}
