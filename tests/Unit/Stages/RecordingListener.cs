using Pipeline.Stages;

namespace Pipeline.Unit.Stages;

/// <summary>Keeps what a run told, one line per call.</summary>
sealed class RecordingListener : IRunListener, IStageListener
{
    public List<string> Lines { get; } = [];

    public List<(long Done, long Total)> Progressed { get; } = [];

    public IEnumerable<string> Ran => Lines.Where(line => line.StartsWith("finished ", StringComparison.Ordinal)).Select(line => line["finished ".Length..]);

    public void RunStarted(string run, Plan plan) => Lines.Add($"run {run}");

    public IStageListener StageStarting(StageWork work)
    {
        Lines.Add($"starting {work.Title}");
        return this;
    }

    public void StageSkipped(StageWork work, string reason) => Lines.Add($"skipped {work.Title}: {reason}");

    public void StageFinished(StageWork work, StageOutcome outcome) => Lines.Add($"finished {work.Title}");

    public void StageFailed(StageWork work, StageFailure failure) => Lines.Add($"failed {work.Title}: {failure.Message}");

    public void RunFinished(RunResult result) => Lines.Add($"exit {(int)result.Exit}");

    public void Progress(long done, long total, string unit) => Progressed.Add((done, total));

    public void Log(string line) => Lines.Add($"log {line}");
}
