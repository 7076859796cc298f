using Pipeline.Features.Hm;
using Pipeline.Features.Negatives;
using Pipeline.Ingest.Datasets;
using Pipeline.Models;
using Pipeline.Scoring;
using Pipeline.Scoring.Report;
using Pipeline.Stages.Configuration;

namespace Pipeline.Host;

/// <summary>`datasets.hm` of pipeline.json: the options of its stages, from left to right.</summary>
public sealed record HmDatasetOptions : IChecked
{
    [Option("Folder of raw files: articles.csv, customers.csv and transactions_train.csv, each also as .gz. Without it a sample is generated.")]
    public string? Raw { get; init; }

    [Option("One model of each tower per seed. The first one publishes; the report counts all of them.")]
    public IReadOnlyList<int> Seeds { get; init; } = [1];

    [Option("The generated raw files.")]
    public HmSampleOptions Sample { get; init; } = new();

    [Option("How raw files are read.")]
    public HmIngestOptions Ingest { get; init; } = new();

    [Option("What an item is, and how users are encoded.")]
    public HmFeatureOptions Features { get; init; } = new();

    [Option("What training may know, what is drawn from it, and whom the report counts.")]
    public HmSplitOptions Split { get; init; } = new();

    [Option("Items that users did not buy, to be told from those they bought.")]
    public NegativeOptions Negatives { get; init; } = new();

    [Option("How both towers are trained.")]
    public TrainingOptions Training { get; init; } = new();

    [Option("How lists are made.")]
    public ListOptions Scoring { get; init; } = new();

    [Option("How the report is made.")]
    public ReportOptions Report { get; init; } = new();

    public IEnumerable<(string Path, string Message)> Check() =>
        [.. DatasetChecks.Of(Raw, Seeds), .. Negatives.CheckLoss(isContrastive: false).Select(wrong => ($"negatives.{wrong.Path}", wrong.Message))];
}
