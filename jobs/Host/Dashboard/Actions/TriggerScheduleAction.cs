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
        return await StartedRun.WaitAsync(request, run => run.Schedule == name && run.Started >= asked, () => request.Clock.GetUtcNow() - asked > Patience) ?? "/schedules";
    }
}
