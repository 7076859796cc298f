using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Runs;

/// <summary>How one dataset that ran before stands: its last run as far as it concerns this dataset, and what a run now would do.</summary>
/// <param name="Last">Its last run.</param>
/// <param name="State">Of the dataset in that run: a run that failed in another dataset's stage may have brought this one up to date.</param>
/// <param name="Failed">Its stage that failed in that run; null if none did.</param>
/// <param name="Stages">Empty while the plan is not known.</param>
/// <param name="Problem">Why the plan is not known; null if it is.</param>
sealed record DatasetOutlook(string Dataset, RunRecord Last, RunState State, StageRecord? Failed, IReadOnlyList<StageStatus> Stages, string? Problem)
{
    public int Stale => Stages.Count(stage => stage.State != "fresh");

    public static DatasetOutlook Of(string dataset, RunRecord last, DatasetPlan? plan)
    {
        IReadOnlyList<StageStatus> stages = plan?.Plan is { } known ? DatasetStatus.StagesOf(known, last) : [];
        var own = last.Stages.Where(stage => stage.Stage.StartsWith($"{dataset}/", StringComparison.Ordinal)).ToList();
        var failed = own.Find(stage => stage.State == RunState.Failed);
        var isDone = last.State == RunState.Failed && failed is null && stages.Count > 0 && stages.All(stage => stage.State == "fresh");
        return new DatasetOutlook(dataset, last, isDone ? RunState.Succeeded : last.State, failed, stages, plan is null ? "its plan is being worked out" : plan.Problem);
    }
}
