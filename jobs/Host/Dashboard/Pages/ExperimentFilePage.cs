using Pipeline.Host.Dashboard.Reports;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Pages;

/// <summary>The result of an experiment as it was written.</summary>
sealed class ExperimentFilePage : IPage
{
    public string Path => "/experiments/{name}";

    public PageContent Render(PageRequest request)
    {
        var root = ReportPlaces.Experiment(request.Root, request.Route("name"));
        return new PageContent(request.Route("name")) { File = PartFile.Of(root.Path, ReportPlaces.PageFile) };
    }
}
