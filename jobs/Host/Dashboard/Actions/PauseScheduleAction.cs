namespace Pipeline.Host.Dashboard.Actions;

/// <summary>No runs of a schedule by the clock from now on.</summary>
sealed class PauseScheduleAction : IAction
{
    public string Path => "/schedules/{name}/pause";

    public async Task<string> RunAsync(PageRequest request)
    {
        await request.Scheduler.PauseAsync(request.Route("name"), request.Cancellation);
        return "/schedules";
    }
}
