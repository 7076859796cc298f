using Pipeline.Stages;

namespace Pipeline.Host.Dashboard;

/// <summary>Addresses of pages that other pages lead to.</summary>
static class Address
{
    public static string Run(string run) => Show.RunAddress(run);

    /// <summary>One stage's row on a run's page.</summary>
    public static string StageOfRun(string run, string stage) => $"{Run(run)}#{Anchor(stage)}";

    /// <summary>The id of a stage's row.</summary>
    public static string Anchor(string stage) => $"stage-{Uri.EscapeDataString(stage)}";

    public static string Grid(string dataset) => $"/grid?dataset={Uri.EscapeDataString(dataset)}";

    /// <param name="stage">The one whose details are shown; null for none.</param>
    public static string Lineage(string dataset, string? stage = null) =>
        $"/lineage?dataset={Uri.EscapeDataString(dataset)}{(stage is null ? "" : $"&stage={Uri.EscapeDataString(stage)}#details")}";

    public static string Artifact(string dataset, Artifact artifact) =>
        $"/artifacts/{Uri.EscapeDataString(dataset)}/{string.Join('/', artifact.Folder.Split('/').Select(Uri.EscapeDataString))}";

    /// <summary>The report of a dataset that is current; null if there is none.</summary>
    public static string? Report(DataRoot root, string dataset) =>
        root.Current(dataset, ReportFile.Artifact) is { } generation ? $"/reports/{Uri.EscapeDataString(dataset)}/{Uri.EscapeDataString(generation)}" : null;

    public static string Compare(string before, string run) => $"/compare?a={Uri.EscapeDataString(before)}&b={Uri.EscapeDataString(run)}";
}
