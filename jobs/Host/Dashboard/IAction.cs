namespace Pipeline.Host.Dashboard;

/// <summary>What a form of the dashboard asks for: one file in Actions, one line in <see cref="AllActions"/>. Always POST, with an antiforgery token.</summary>
interface IAction
{
    /// <summary>Route pattern of ASP.NET: "/runs/{run}/cancel".</summary>
    string Path { get; }

    /// <returns>The address to show next.</returns>
    /// <exception cref="Pipeline.Stages.PipelineException">Shown as a page that says so.</exception>
    Task<string> RunAsync(PageRequest request);
}
