using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Actions;

/// <summary>Asks a run to stop at its next checkpoint, whoever started it, on this machine.</summary>
sealed class CancelRunAction : IAction
{
    public string Path => "/runs/{run}/cancel";

    public Task<string> RunAsync(PageRequest request)
    {
        var run = request.FindRun(request.Route("run"));
        if (run is { State: RunState.Running, Pid: { } pid })
        {
            Stop(request, run, pid);
        }

        return Task.FromResult(Show.RunAddress(run.Run));
    }

    static void Stop(PageRequest request, RunRecord run, int pid)
    {
        if (run.Host != Environment.MachineName)
        {
            throw new PipelineException(ExitCode.Busy, $"Run {run.Run} is process {pid} on {run.Host}; stop it there: kill {pid}");
        }

        // The number may meanwhile be another process's: only the holder of the dataset's lock is the run.
        if (run.Datasets.Any(dataset => DatasetLock.Holder(request.Root, dataset) is { } holder && holder.Pid == pid && holder.Run == run.Run))
        {
            ProcessSignal.Terminate(pid);
        }
    }
}
