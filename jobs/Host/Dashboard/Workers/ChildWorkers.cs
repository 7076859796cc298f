namespace Pipeline.Host.Dashboard.Workers;

/// <summary>The processes that this server has started.</summary>
sealed class ChildWorkers : IWorkerSource
{
    public IEnumerable<Worker> Workers(PageRequest request) => request.Launcher.Running.Select(child =>
        new Worker(Environment.MachineName, child.Pid, child.Order.Resumes, Show.Words(child.Order.Selection), $"pipeline {string.Join(' ', child.Order.Arguments)}", child.Started, "started here"));
}
