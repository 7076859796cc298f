using Pipeline.Host.Serving;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Actions;

/// <summary>Runs a schedule's selection now, whatever the clock says, paused or not.</summary>
sealed class TriggerScheduleAction : IAction
{
    /// <summary>A run that has no name by then is on the page of runs, or could not start.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public string Path => "/schedules/{name}/trigger";

    public async Task<string> RunAsync(PageRequest request)
    {
        var (name, asked) = (request.Route("name"), request.Clock.GetUtcNow());
        await request.Scheduler.TriggerAsync(name, request.Cancellation);
        var address = await StartedRun.WaitAsync(
            request, run => run.Schedule == name && run.Started >= asked, () => Failed() is not null || request.Clock.GetUtcNow() - asked > Patience);
        return address ?? (Failed() is { } failed ? throw new PipelineException(failed.Exit, failed.Message) : "/schedules");

        FailedStart? Failed() => request.Launcher.FailedStarts.LastOrDefault(start => start.Order.Fire?.Schedule == name && start.Time >= asked);
    }
}
