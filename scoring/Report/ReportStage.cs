using Pipeline.Features;
using Pipeline.Models;
using Pipeline.Scoring.Baselines;
using Pipeline.Stages;

namespace Pipeline.Scoring.Report;

/// <summary>Measures all lists of all seeds and writes report.html and metrics.json. A dead run is flagged, a wrong number stops it.</summary>
/// <param name="towers">In the order of the report.</param>
/// <param name="baselines">Those that the dataset has; popularity and the oracle among them.</param>
/// <param name="hasHistory">True for a dataset that knows who took what.</param>
public sealed class ReportStage(IReadOnlyList<string> towers, IReadOnlyList<IBaseline> baselines, ReportOptions options, bool hasHistory = false) : IStage
{
    public string Name => "report";

    public int Version => 4;

    public object Options { get; } = new { Towers = towers, options.Resamples, options.Label };

    public SeedScope Seeds => SeedScope.All;

    public IReadOnlyList<Artifact> Reads { get; } =
    [
        FeatureArtifacts.Users,
        FeatureArtifacts.Items,
        FeatureArtifacts.Test,
        hasHistory ? FeatureArtifacts.History : FeatureArtifacts.Train,
        .. towers.Select(ModelArtifacts.Of),
        .. towers.Select(ScoringArtifacts.TestLists),
        .. baselines.Select(baseline => ScoringArtifacts.TestLists(baseline.Id)),
        .. towers.Select(ScoringArtifacts.Export),
    ];

    public IReadOnlyList<Artifact> Writes => [ScoringArtifacts.Report];

    public IReadOnlyList<DataSize> Sizes(InputSizes inputs)
    {
        const int BytesOfList = 28_000;
        return [new DataSize((towers.Count + baselines.Count) * BytesOfList)];
    }

    public Task RunAsync(StageContext context, CancellationToken cancellation)
    {
        var results = new ReportReader(context, towers, baselines, options, hasHistory).Read(cancellation);
        if (results.BrokenIdentities.Count > 0)
        {
            throw new PipelineException(
                ExitCode.CheckFailed,
                "The report's numbers contradict each other, so at least one of them is wrong:\n  " + string.Join("\n  ", results.BrokenIdentities)
                + "\nNo report was written. `pipeline verify` tells whether a list is damaged; else this is a defect of the metrics.");
        }

        var output = context.Output(ScoringArtifacts.Report);
        Files.WriteAllBytes(output.File("metrics.json"), MetricsJson.Write(results));
        Files.WriteAllText(output.File("report.html"), ReportPage.Write(results));
        output.Facts["deadRuns"] = results.DeadRuns.Count;
        output.Facts["users"] = results.Evaluation.Users;
        return Task.CompletedTask;
    }
}
