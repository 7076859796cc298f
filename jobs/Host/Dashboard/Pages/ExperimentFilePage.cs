using Pipeline.Host.Dashboard.Reports;

namespace Pipeline.Host.Dashboard.Pages;

/// <summary>The result of an experiment as it was written.</summary>
sealed class ExperimentFilePage : IPage
{
    public string Path => "/experiments/{name}";

    public PageContent Render(PageRequest request)
    {
        var root = ReportPlaces.Experiment(request.Root, request.Route("name"));
        return new PageContent(request.Route("name")) { File = System.IO.Path.Combine(root.Path, ReportPlaces.PageFile) };
    }
}
