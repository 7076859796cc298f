using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Actions;

/// <summary>Asks a run to stop at its next checkpoint, whoever started it, on this machine; asked again, ends it at once. Nobody goes on with it unasked.</summary>
sealed class CancelRunAction : IAction
{
    public string Path => "/runs/{run}/cancel";

    /// <summary>What the button says.</summary>
    public static string Label(RunRecord run) => run.IsCancelAsked ? "Stop at once" : "Cancel";

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
            if (run.IsCancelAsked)
            {
                ProcessSignal.Kill(pid);
                return;
            }

            // Said before it is done: a run that ends before its end line was wanted to end all the same.
            new Ledger(request.Root, request.Clock).Append(new LedgerEntry { Event = LedgerEvent.CancelAsked, Run = run.Run });
            ProcessSignal.Terminate(pid);
        }
    }
}
