using Pipeline.Host.Serving;

namespace Pipeline.Host.Dashboard.Actions;

/// <summary>Goes on with a run that failed, was cancelled or crashed.</summary>
sealed class ResumeRunAction : IAction
{
    public string Path => "/runs/{run}/resume";

    public Task<string> RunAsync(PageRequest request) => StartedRun.AddressAsync(request, new RunOrder { Resumes = request.FindRun(request.Route("run")).Run });
}
