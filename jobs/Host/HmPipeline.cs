using Pipeline.Features.Hm;
using Pipeline.Features.Negatives;
using Pipeline.Ingest.Datasets;
using Pipeline.Scoring.Baselines;
using Pipeline.Stages;

namespace Pipeline.Host;

/// <summary>The dataset `hm`: from H&amp;M's transactions to a list for every customer and a report.</summary>
public sealed class HmPipeline : IDatasetPipeline
{
    public string Name => "hm";

    public string UserIdForm => "A user's id is the customer_id of customers.csv: 64 hexadecimal digits.";

    public string? ExampleUser => null;

    public PipelineConfiguration Rooted(PipelineConfiguration configuration, Func<string, string> resolve)
    {
        var options = OptionsOf(configuration);
        var hard = options.Negatives.Hard;
        return configuration with
        {
            Datasets = configuration.Datasets with
            {
                Hm = options with
                {
                    Raw = options.Raw is { } raw ? resolve(raw) : null,
                    Negatives = options.Negatives with { Hard = hard with { Lists = hard.Lists is { } lists ? resolve(lists) : null } },
                },
            },
        };
    }

    public string? Raw(PipelineConfiguration configuration) => OptionsOf(configuration).Raw;

    public IReadOnlyList<int> Seeds(PipelineConfiguration configuration) => OptionsOf(configuration).Seeds;

    public IReadOnlyList<IStage> Stages(PipelineConfiguration configuration)
    {
        var options = OptionsOf(configuration);
        return
        [
            .. options.Raw is null ? [Sampler(configuration)] : Array.Empty<IStage>(),
            new HmIngestStage(options.Raw, options.Ingest),
            new HmFeatureStage(options.Features, options.Split.TestPeriod),
            new HmSplitStage(options.Split),
            new NegativeStage(options.Negatives),
            .. new ModelStages(
                options.Training, options.Scoring, options.Report, AllBaselines.Of(options.Baselines), Loss: options.TrainingLoss, HasHistory: true).Of(configuration.Towers),
        ];
    }

    public IStage Sampler(PipelineConfiguration configuration) => new HmSampleStage(OptionsOf(configuration).Sample);

    static HmDatasetOptions OptionsOf(PipelineConfiguration configuration) => configuration.Datasets.Hm;
}
