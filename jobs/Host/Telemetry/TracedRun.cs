using System.Diagnostics;
using System.Diagnostics.Metrics;
using Pipeline.Stages;

namespace Pipeline.Host.Telemetry;

/// <summary>Passes on what a run tells, and makes of it a trace: a span for the run, below it one for each stage that ran. Nobody listens, nothing is made.</summary>
sealed class TracedRun(IRunListener inner) : IRunListener
{
    static readonly Counter<long> Runs = RunTelemetry.Meter.CreateCounter<long>("pipeline.runs", "{run}", "Runs that ended, by exit code.");
    static readonly Histogram<double> StageSeconds = RunTelemetry.Meter.CreateHistogram<double>("pipeline.stage.duration", "s", "How long a stage took.");
    static readonly Counter<long> Rows = RunTelemetry.Meter.CreateCounter<long>("pipeline.stage.rows", "{row}", "Rows that stages wrote.");
    static readonly Counter<long> Bytes = RunTelemetry.Meter.CreateCounter<long>("pipeline.stage.bytes", "By", "Bytes that stages wrote.");

    readonly Dictionary<string, Activity> stages = new(StringComparer.Ordinal);
    Activity? run;

    public void RunStarted(string run, Plan plan)
    {
        // A root of its own, and not on the ambient stack: the listener's calls come from whichever thread ran the stage.
        this.run = RunTelemetry.Source.CreateActivity($"run {string.Join(' ', plan.Graphs.Select(graph => graph.Dataset))}", ActivityKind.Internal);
        this.run?.SetTag("pipeline.run", run).Start();
        Activity.Current = null;
        inner.RunStarted(run, plan);
    }

    public IStageListener StageStarting(StageWork work)
    {
        if (run is not null && RunTelemetry.Source.CreateActivity(work.Path, ActivityKind.Internal, run.Context) is { } stage)
        {
            stages[work.Title] = stage.SetTag("pipeline.dataset", work.Dataset).SetTag("pipeline.seeds", string.Join(',', work.Seeds)).SetTag("pipeline.reason", work.Reason).Start();
            Activity.Current = null;
        }

        return inner.StageStarting(work);
    }

    public void StageSkipped(StageWork work, string reason)
    {
        run?.AddEvent(new ActivityEvent("skipped", tags: new ActivityTagsCollection { ["pipeline.stage"] = work.Path, ["pipeline.reason"] = reason }));
        inner.StageSkipped(work, reason);
    }

    public void StageFinished(StageWork work, StageOutcome outcome)
    {
        var stage = new KeyValuePair<string, object?>("pipeline.stage", work.Path);
        StageSeconds.Record(outcome.Duration.TotalSeconds, stage);
        Rows.Add(outcome.Rows ?? 0, stage);
        Bytes.Add(outcome.Bytes, stage);
        End(work, activity => activity.SetTag("pipeline.rows", outcome.Rows).SetTag("pipeline.bytes", outcome.Bytes).SetStatus(ActivityStatusCode.Ok));
        inner.StageFinished(work, outcome);
    }

    public void StageFailed(StageWork work, StageFailure failure)
    {
        StageSeconds.Record(failure.Duration.TotalSeconds, new KeyValuePair<string, object?>("pipeline.stage", work.Path));
        End(work, activity => activity.SetStatus(ActivityStatusCode.Error, failure.Message));
        inner.StageFailed(work, failure);
    }

    public void RunFinished(RunResult result)
    {
        Runs.Add(1, new KeyValuePair<string, object?>("pipeline.exit", (int)result.Exit));
        run?.SetTag("pipeline.exit", (int)result.Exit).SetStatus(result.Exit == ExitCode.Ok ? ActivityStatusCode.Ok : ActivityStatusCode.Error).Dispose();
        inner.RunFinished(result);
    }

    void End(StageWork work, Action<Activity> say)
    {
        if (stages.Remove(work.Title, out var activity))
        {
            say(activity);
            activity.Dispose();
        }
    }
}
