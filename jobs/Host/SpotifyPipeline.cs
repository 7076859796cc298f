using Pipeline.Features.Spotify;
using Pipeline.Ingest.Datasets;
using Pipeline.Scoring.Baselines;
using Pipeline.Stages;

namespace Pipeline.Host;

/// <summary>The dataset `spotify`: from playlists to lists of songs and a report.</summary>
public sealed class SpotifyPipeline : IDatasetPipeline
{
    public string Name => "spotify";

    public string UserIdForm => $"A user's id is its genres joined by '+' in alphabetical order, as in {ExampleUser}.";

    public string? ExampleUser => "jazz+pop";

    public PipelineConfiguration Rooted(PipelineConfiguration configuration, Func<string, string> resolve) =>
        OptionsOf(configuration) is { Raw: { } raw } options
            ? configuration with { Datasets = configuration.Datasets with { Spotify = options with { Raw = resolve(raw) } } }
            : configuration;

    public string? Raw(PipelineConfiguration configuration) => OptionsOf(configuration).Raw;

    public IReadOnlyList<int> Seeds(PipelineConfiguration configuration) => OptionsOf(configuration).Seeds;

    public IReadOnlyList<IStage> Stages(PipelineConfiguration configuration)
    {
        var options = OptionsOf(configuration);
        return
        [
            .. options.Raw is null ? [Sampler(configuration)] : Array.Empty<IStage>(),
            new SpotifyIngestStage(options.Raw),
            new SpotifyFeatureStage(),
            new SpotifyPairStage(options.Pairs),
            .. new ModelStages(options.Training, options.Scoring, options.Report, AllBaselines.WithoutHistory, options.Target).Of(configuration.Towers),
        ];
    }

    public IStage Sampler(PipelineConfiguration configuration) => new SpotifySampleStage(OptionsOf(configuration).Sample);

    static SpotifyDatasetOptions OptionsOf(PipelineConfiguration configuration) => configuration.Datasets.Spotify;
}
