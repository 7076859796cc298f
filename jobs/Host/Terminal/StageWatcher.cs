using Pipeline.Stages;

namespace Pipeline.Host.Terminal;

/// <summary>Shows how far one piece of work is.</summary>
sealed class StageWatcher(IProgressView view, string title, ProgressFile? file = null) : IStageListener
{
    public void Progress(long done, long total, string unit)
    {
        view.Progress(title, done, total, unit);
        file?.Report(title, done, total, unit);
    }

    // The lines of a stage are in the run's log; a terminal shows where the run stands, not what it said.
    public void Log(string line)
    {
    }
}
