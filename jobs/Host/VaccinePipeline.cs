using Pipeline.Features.Vaccine;
using Pipeline.Ingest.Datasets;
using Pipeline.Scoring.Baselines;
using Pipeline.Stages;

namespace Pipeline.Host;

/// <summary>One setting of the dataset `vaccine`: messages to people of a drawn population who take to some of them.</summary>
/// <param name="clusters">Of the users, and of the messages.</param>
/// <param name="messages">Drawn for a seed.</param>
public sealed class VaccinePipeline(int clusters, int messages) : IDatasetPipeline
{
    public string Name => $"vaccine-{clusters}x{messages}";

    public string Section => "vaccine";

    public string UserIdForm => $"A user's id is that of users.csv, as {ExampleUser} in the generated population.";

    public string? ExampleUser => "user-000001";

    public PipelineConfiguration Rooted(PipelineConfiguration configuration, Func<string, string> resolve) =>
        OptionsOf(configuration) is { Raw: { } raw } options
            ? configuration with { Datasets = configuration.Datasets with { Vaccine = options with { Raw = resolve(raw) } } }
            : configuration;

    public string? Raw(PipelineConfiguration configuration) => OptionsOf(configuration).Raw;

    public IReadOnlyList<int> Seeds(PipelineConfiguration configuration) => OptionsOf(configuration).Seeds;

    public IReadOnlyList<IStage> Stages(PipelineConfiguration configuration)
    {
        var options = OptionsOf(configuration);
        return
        [
            .. options.Raw is null ? [Sampler(configuration)] : Array.Empty<IStage>(),
            new VaccineIngestStage(options.Raw),
            new VaccineFeatureStage(),
            new VaccineClusterStage(clusters, messages, options.Clusters),
            new VaccinePairStage(options.Pairs, options.Clusters.Users),
            .. new ModelStages(options.Training, options.Scoring, options.Report, AllBaselines.WithoutHistory).Of(configuration.Towers),
        ];
    }

    public IStage Sampler(PipelineConfiguration configuration) => new VaccineSampleStage(OptionsOf(configuration).Sample);

    static VaccineDatasetOptions OptionsOf(PipelineConfiguration configuration) => configuration.Datasets.Vaccine;
}
