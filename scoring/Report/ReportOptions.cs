using System.ComponentModel.DataAnnotations;
using Pipeline.Stages.Configuration;

namespace Pipeline.Scoring.Report;

/// <summary>How the evaluation report is made.</summary>
public sealed record ReportOptions
{
    [Option("Resamples behind every interval; more make its ends steadier.", Unit = "resamples")]
    [Range(100, 1_000_000)]
    public int Resamples { get; init; } = 2_000;

    [Option("What a reader must know of the data, such as \"0.1 % sample\"; stands beside the dataset's name in the report and in metrics.json.")]
    [MinLength(1, ErrorMessage = "{0} must not be empty; leave it out for none.")]
    public string? Label { get; init; }
}
