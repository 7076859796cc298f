using Pipeline.Features;
using Pipeline.Models;
using Pipeline.Models.Towers;
using Pipeline.Scoring;
using Pipeline.Scoring.Baselines;
using Pipeline.Scoring.Report;
using Pipeline.Stages;

namespace Pipeline.Host;

/// <summary>What follows when users, items and pairs are there; the same for every dataset.</summary>
/// <param name="Training">How both towers are trained.</param>
/// <param name="Lists">How lists are made.</param>
/// <param name="Report">How the report is made.</param>
/// <param name="Baselines">The lists that need no model.</param>
/// <param name="Target">What a score should be.</param>
/// <param name="Loss">What training makes smaller; null for the squared error.</param>
/// <param name="HasHistory">True if the dataset tells who took what before.</param>
sealed record ModelStages(
    TrainingOptions Training,
    ListOptions Lists,
    ReportOptions Report,
    IReadOnlyList<IBaseline> Baselines,
    LabelTarget Target = LabelTarget.Liked,
    LossOptions? Loss = null,
    bool HasHistory = false)
{
    public IEnumerable<IStage> Of(TowersOptions options)
    {
        ITowerOptions[] towers = [options.Mamba, options.Transformer];
        string[] names = [.. towers.Select(tower => tower.Name)];
        var interactions = HasHistory ? FeatureArtifacts.Interactions : null;
        return
        [
            .. towers.Select(tower => new TrainStage(tower, Training, Target, Loss)),
            .. names.Select(tower => new ScoreStage(tower, Lists, HasHistory ? FeatureArtifacts.History : null)),
            .. Baselines.Select(baseline => new BaselineStage(baseline, Lists, HasHistory)),
            .. names.Select(tower => new ExportStage(tower, Lists, interactions)),
            new ReportStage(names, Baselines, Report, HasHistory),
            new PublishStage(names, Lists, interactions),
        ];
    }
}
