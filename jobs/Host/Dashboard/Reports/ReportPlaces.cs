using Pipeline.Scoring;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Reports;

/// <summary>Where reports lie, and where the dashboard shows them. Only names that were found in the folders lead to files.</summary>
static class ReportPlaces
{
    public const string PageFile = "report.html", MetricsFile = "metrics.json";

    const string Experiments = "experiments";

    /// <summary>Of the artifact, below the dataset's.</summary>
    public static string Folder => ScoringArtifacts.Report.Folder;

    public static string Address(string dataset, string generation) => $"/reports/{Uri.EscapeDataString(dataset)}/{generation}";

    public static string ExperimentAddress(string name) => $"/experiments/{Uri.EscapeDataString(name)}";

    public static string ExperimentAddress(string name, string dataset, string generation) => $"{ExperimentAddress(name)}/{Uri.EscapeDataString(dataset)}/{generation}";

    /// <summary>Data roots of the experiments by name, in ordinal order.</summary>
    public static IReadOnlyList<(string Name, DataRoot Root)> ExperimentsOf(DataRoot root)
    {
        var folder = new DirectoryInfo(Path.Combine(root.Path, Experiments));
        return !folder.Exists ? [] :
        [
            .. folder.EnumerateDirectories().Where(each => each.LinkTarget is null).OrderBy(each => each.Name, StringComparer.Ordinal)
                .Select(each => (each.Name, new DataRoot(each.FullName))),
        ];
    }

    /// <exception cref="PipelineException">There is none of that name.</exception>
    public static DataRoot Experiment(DataRoot root, string name)
    {
        var known = ExperimentsOf(root);
        return known.FirstOrDefault(each => each.Name == name).Root
            ?? throw new PipelineException(ExitCode.Usage, $"There is no experiment '{name}' in {root.Path}.{NearestNames.Hint(name, known.Select(each => each.Name))}");
    }

    /// <summary>The finished reports of a dataset, in ordinal order of their names.</summary>
    public static IReadOnlyList<GenerationFolder> Of(DataRoot root, string dataset) =>
        [.. DatasetScan.Of(root, dataset).Generations.Where(folder => folder.Artifact == Folder && folder.State == GenerationState.Finished)];

    /// <summary>Absolute path of a report's page.</summary>
    /// <exception cref="PipelineException">There is no such report.</exception>
    public static string PageOf(DataRoot root, string dataset, string generation)
    {
        var folder = Of(root, dataset).FirstOrDefault(folder => folder.Name == generation)
            ?? throw new PipelineException(ExitCode.Usage, $"{dataset} has no report '{generation}'.");
        return Path.Combine(folder.Path, PageFile);
    }
}
