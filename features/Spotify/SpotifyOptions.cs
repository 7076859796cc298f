using Pipeline.Ingest.Datasets;
using Pipeline.Stages;
using Pipeline.Stages.Configuration;

namespace Pipeline.Features.Spotify;

/// <summary>The dataset `spotify` from raw files to pairs.</summary>
public sealed record SpotifyOptions : IChecked
{
    [Option("Folder that holds playlists/ and, if there are names, spotify_top50.csv. Without it a sample is generated.")]
    public string? Raw { get; init; }

    [Option("One model of each tower per seed. The first one publishes; the report counts all of them.")]
    public IReadOnlyList<int> Seeds { get; init; } = [1];

    [Option("The generated raw files.")]
    public SpotifySampleOptions Sample { get; init; } = new();

    [Option("What is drawn for each seed.")]
    public SpotifyPairsOptions Pairs { get; init; } = new();

    public IEnumerable<(string Path, string Message)> Check()
    {
        if (Seeds.Count == 0)
        {
            yield return ("seeds", "is empty; it must name at least one seed");
        }
        else if (Seeds.Distinct().Count() < Seeds.Count)
        {
            yield return ("seeds", $"is [{string.Join(", ", Seeds)}]; every seed must be there once");
        }
    }

    /// <summary>The stages in the order in which they run; the first only where no raw folder is set.</summary>
    public IReadOnlyList<IStage> Stages() =>
    [
        .. Raw is null ? [new SpotifySampleStage(Sample)] : Array.Empty<IStage>(),
        new SpotifyIngestStage(Raw),
        new SpotifyFeatureStage(),
        new SpotifyPairStage(Pairs),
    ];
}
