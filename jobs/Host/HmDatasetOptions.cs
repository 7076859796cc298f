using Pipeline.Features.Hm;
using Pipeline.Features.Negatives;
using Pipeline.Ingest.Datasets;
using Pipeline.Models;
using Pipeline.Scoring;
using Pipeline.Scoring.Baselines;
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

    [Option("What training makes smaller.")]
    public LossOptions Loss { get; init; } = new();

    [Option("How both towers are trained.")]
    public TrainingOptions Training { get; init; } = new();

    [Option("How lists are made.")]
    public ListOptions Scoring { get; init; } = new();

    [Option("The lists that need no model.")]
    public BaselineOptions Baselines { get; init; } = new();

    [Option("How the report is made.")]
    public ReportOptions Report { get; init; } = new();

    /// <summary>The loss with the sampler that the strategy of the negatives names.</summary>
    public LossOptions TrainingLoss => Loss with { Sampler = Negatives.Strategy == NegativeKind.Mixed ? Sampler.Mixed : Loss.Sampler };

    public IEnumerable<(string Path, string Message)> Check()
    {
        foreach (var wrong in DatasetChecks.Of(Raw, Seeds))
        {
            yield return wrong;
        }

        foreach (var (path, message) in Negatives.CheckLoss(Loss.Kind == LossKind.SampledSoftmax))
        {
            yield return ($"negatives.{path}", message);
        }

        if (Loss is { Kind: LossKind.SampledSoftmax, Sampler: Sampler.Mixed } && Negatives.Strategy == NegativeKind.InBatch)
        {
            yield return ("loss.sampler", "is mixed, but negatives.strategy is inBatch; set that to mixed too.");
        }
    }
}
