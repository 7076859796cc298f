using Pipeline.Host.Dashboard.Reports;

namespace Pipeline.Host.Dashboard.Pages;

/// <summary>The report of one dataset of an experiment, as it was written.</summary>
sealed class ExperimentReportPage : IPage
{
    public string Path => "/experiments/{name}/{dataset}/{generation}";

    public PageContent Render(PageRequest request)
    {
        var root = ReportPlaces.Experiment(request.Root, request.Route("name"));
        var dataset = request.Session.Dataset(request.Route("dataset")).Name;
        return new PageContent($"Report of {dataset}") { File = ReportPlaces.PageOf(root, dataset, request.Route("generation")) };
    }
}
