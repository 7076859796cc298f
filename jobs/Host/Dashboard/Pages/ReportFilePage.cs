using Pipeline.Host.Dashboard.Reports;

namespace Pipeline.Host.Dashboard.Pages;

/// <summary>A report as it was written, in place of a page of ours.</summary>
sealed class ReportFilePage : IPage
{
    public string Path => "/reports/{dataset}/{generation}";

    public PageContent Render(PageRequest request)
    {
        var dataset = request.Session.Dataset(request.Route("dataset")).Name;
        return new PageContent($"Report of {dataset}") { File = ReportPlaces.PageOf(request.Root, dataset, request.Route("generation")) };
    }
}
