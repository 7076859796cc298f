using Pipeline.Features.Vaccine;
using Pipeline.Ingest.Datasets;
using Pipeline.Models;
using Pipeline.Scoring;
using Pipeline.Scoring.Report;
using Pipeline.Stages.Configuration;

namespace Pipeline.Host;

/// <summary>`datasets.vaccine` of pipeline.json: the options of the stages of all six settings, from left to right.</summary>
public sealed record VaccineDatasetOptions : IChecked
{
    [Option("Folder of raw files: users.csv, messages.csv and, if there are any, embeddings.npy or embeddings.parquet. Without it a population is generated.")]
    public string? Raw { get; init; }

    [Option("One draw of messages, clusters, pairs and test users, and one model of each tower, per seed. The first one publishes; the report counts all of them.")]
    public IReadOnlyList<int> Seeds { get; init; } = [1];

    [Option("The generated population.")]
    public VaccineSampleOptions Sample { get; init; } = new();

    [Option("How users and messages are clustered.")]
    public VaccineClusterOptions Clusters { get; init; } = new();

    [Option("What is drawn for each seed.")]
    public VaccinePairsOptions Pairs { get; init; } = new();

    [Option("How both towers are trained.")]
    public TrainingOptions Training { get; init; } = new() { LearningRate = 1e-5 };

    [Option("How lists are made.")]
    public ListOptions Scoring { get; init; } = new();

    [Option("How the report is made.")]
    public ReportOptions Report { get; init; } = new();

    public IEnumerable<(string Path, string Message)> Check() => [.. DatasetChecks.Of(Raw, Seeds), .. DatasetChecks.WithoutPurchases(Scoring)];
}
