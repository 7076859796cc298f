using Pipeline.Stages.Configuration;

namespace Pipeline.Host;

/// <summary>`experiments.NAME` of pipeline.json: both towers on some datasets with some seeds, to be held against the paper.</summary>
public sealed record ExperimentOptions : IChecked
{
    /// <summary>All of the paper.</summary>
    public const string Paper = "paper";

    /// <summary>The vaccine settings in the other reading of the paper: ages standardised before users are clustered, not in years.</summary>
    public const string VaccineAge = "vaccine-age";

    /// <summary>The experiments that are there whatever pipeline.json says.</summary>
    public static IReadOnlyDictionary<string, ExperimentOptions> BuiltIn { get; } = new Dictionary<string, ExperimentOptions>
    {
        [Paper] = new(),
        [VaccineAge] = new()
        {
            Datasets = [.. new ExperimentOptions().Datasets.Where(dataset => dataset.StartsWith("vaccine", StringComparison.Ordinal))],
            Set = ["datasets.vaccine.clusters.ageScale=standardised"],
        },
    };

    [Option("Datasets, in the order in which they run. Both towers are trained on each.")]
    public IReadOnlyList<string> Datasets { get; init; } =
        ["spotify", "hm", "vaccine-25x25", "vaccine-25x50", "vaccine-25x100", "vaccine-50x50", "vaccine-50x100", "vaccine-100x100"];

    [Option("One model of each tower per seed and dataset, whatever the datasets' own options say.")]
    public IReadOnlyList<int> Seeds { get; init; } = [1, 2, 3, 4, 5];

    [Option("Options that differ from those of the nightly runs, as \"datasets.hm.raw=DIR\"; paths are relative to this file.")]
    public IReadOnlyList<string> Set { get; init; } = [];

    public IEnumerable<(string Path, string Message)> Check()
    {
        var known = AllDatasets.List.Select(dataset => dataset.Name).ToList();
        if (Datasets.Count == 0 || Datasets.Distinct().Count() < Datasets.Count)
        {
            yield return ("datasets", $"is [{string.Join(", ", Datasets)}]; it must name at least one dataset, and each once.");
        }

        foreach (var name in Datasets.Where(name => !known.Contains(name)))
        {
            yield return ("datasets", $"names the dataset '{name}', which there is not. Known: {string.Join(", ", known)}.");
        }

        foreach (var wrong in DatasetChecks.Of(null, Seeds))
        {
            yield return wrong;
        }
    }
}
