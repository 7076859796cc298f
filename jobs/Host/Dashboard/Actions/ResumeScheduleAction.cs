namespace Pipeline.Host.Dashboard.Actions;

/// <summary>Runs of a schedule by the clock again; what was due meanwhile is not caught up.</summary>
sealed class ResumeScheduleAction : IAction
{
    public string Path => "/schedules/{name}/resume";

    public async Task<string> RunAsync(PageRequest request)
    {
        await request.Scheduler.ResumeAsync(request.Route("name"), request.Cancellation);
        return "/schedules";
    }
}
