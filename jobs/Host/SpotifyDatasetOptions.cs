using Pipeline.Features.Spotify;
using Pipeline.Ingest.Datasets;
using Pipeline.Models;
using Pipeline.Scoring;
using Pipeline.Scoring.Report;
using Pipeline.Stages.Configuration;

namespace Pipeline.Host;

/// <summary>`datasets.spotify` of pipeline.json: the options of its stages, from left to right.</summary>
public sealed record SpotifyDatasetOptions : IChecked
{
    [Option("Folder of raw files: playlists/ and, if there are names, spotify_top50.csv. Without it a sample is generated.")]
    public string? Raw { get; init; }

    [Option("One model of each tower per seed. The first one publishes; the report counts all of them.")]
    public IReadOnlyList<int> Seeds { get; init; } = [1];

    [Option("The generated raw files.")]
    public SpotifySampleOptions Sample { get; init; } = new();

    [Option("What is drawn for each seed.")]
    public SpotifyPairsOptions Pairs { get; init; } = new();

    [Option("What a score should be: 1 for a song that is liked and else 0 (liked), or -1, 0, 1 as the label is (sentiment).")]
    public LabelTarget Target { get; init; } = LabelTarget.Liked;

    [Option("How both towers are trained.")]
    public TrainingOptions Training { get; init; } = new();

    [Option("How lists are made.")]
    public ListOptions Scoring { get; init; } = new();

    [Option("How the report is made.")]
    public ReportOptions Report { get; init; } = new();

    public IEnumerable<(string Path, string Message)> Check() => [.. DatasetChecks.Of(Raw, Seeds), .. DatasetChecks.WithoutPurchases(Scoring)];
}
