using Pipeline.Scoring.Report;

namespace Pipeline.Host.Dashboard;

/// <summary>A page of the dashboard: one file in Pages, one line in <see cref="AllPages"/>.</summary>
interface IPage
{
    /// <summary>Route pattern of ASP.NET: "/runs/{run}".</summary>
    string Path { get; }

    /// <exception cref="Pipeline.Stages.PipelineException">Shown as a page that says so: 404 for Usage and InputMissing, else 500.</exception>
    PageContent Render(PageRequest request);
}

/// <param name="Title">Of the browser's tab and of the page's heading.</param>
/// <param name="Body">Below the heading.</param>
sealed record PageContent(string Title, params IReadOnlyList<Markup> Body)
{
    /// <summary>Address of server-sent events that bring the page up to date; null for a page that stands still.</summary>
    public string? Events { get; init; }

    /// <summary>Absolute path of a self-contained HTML file that is sent instead; null for a page.</summary>
    public string? File { get; init; }
}
