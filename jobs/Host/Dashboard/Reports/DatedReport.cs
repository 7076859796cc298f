using Pipeline.Host.Dashboard.Artifacts;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Reports;

/// <summary>A report with what the ledger knows of it.</summary>
/// <param name="Report">Null if its numbers cannot be read.</param>
/// <param name="Problem">Why not; empty if they can.</param>
sealed record DatedReport(GenerationView Generation, ReportFile? Report, string Problem)
{
    /// <summary>The reports of a dataset that are on the disk, in the order in which they were made.</summary>
    public static IReadOnlyList<DatedReport> Of(PageRequest request, string dataset) =>
    [
        .. ReportPlaces.Of(request.Root, request.Session.Dataset(dataset).Name).Select(folder => GenerationView.Of(folder, request.Ledger))
            .OrderBy(generation => generation.Time).ThenBy(generation => generation.Name, StringComparer.Ordinal).Select(generation => Read(generation, dataset)),
    ];

    public static DatedReport Read(GenerationView generation, string dataset)
    {
        try
        {
            return new DatedReport(generation, ReportFile.Read(generation.Folder.Path, dataset), "");
        }
        catch (PipelineException error) when (error.Code == ExitCode.InputMissing)
        {
            return new DatedReport(generation, null, error.Message);
        }
    }
}
