using System.ComponentModel.DataAnnotations;
using Pipeline.Host.Schedule;
using Pipeline.Host.Serving;
using Pipeline.Host.Workers;
using Pipeline.Models.Towers;
using Pipeline.Stages.Configuration;

namespace Pipeline.Host;

/// <summary>pipeline.json. Every option has a default, so that an empty file, or none, is a whole configuration.</summary>
public sealed record PipelineConfiguration : IChecked
{
    public const int MostThreads = 1024;

    [Option("Folder that holds all data; relative to this file.")]
    public string Data { get; init; } = "data";

    [Option("Datasets of a run that names none.")]
    public IReadOnlyList<string> Default { get; init; } = ["spotify"];

    [Option("Threads to use; 0 means all cores. Never changes results.", Unit = "threads")]
    [Range(0, MostThreads)]
    public int Threads { get; init; }

    [Option("How often a stage is tried again after a passing error, such as a network folder that failed.", Unit = "attempts")]
    [Range(0, 100)]
    public int Retries { get; init; } = 2;

    [Option("How long one stage may take; 0 means as long as it takes.", Unit = "minutes")]
    [Range(0, 525_600)]
    public int StageTimeoutMinutes { get; init; }

    [Option("Refuse a run that by estimate does not fit on the disk of the data root.")]
    public bool RequireSpace { get; init; } = true;

    [Option("Options of each dataset.")]
    public DatasetsOptions Datasets { get; init; } = new();

    [Option("Options of each kind of tower; the same for all datasets.")]
    public TowersOptions Towers { get; init; } = new();

    [Option("Experiments by name, for `pipeline experiment NAME`. 'paper' and 'vaccine-age' are there without being named: the datasets and seeds of the first are the defaults of each.")]
    public IReadOnlyDictionary<string, ExperimentOptions> Experiments { get; init; } = ExperimentOptions.BuiltIn;

    [Option("Schedules by name: what `pipeline serve` runs, and when.")]
    public IReadOnlyDictionary<string, ScheduleOptions> Schedules { get; init; } = new Dictionary<string, ScheduleOptions>();

    [Option("Options of `pipeline serve`.")]
    public ServeConfiguration Serve { get; init; } = new();

    [Option("How several machines share the work of one data root.")]
    public StoreOptions Store { get; init; } = new();

    public IEnumerable<(string Path, string Message)> Check()
    {
        var known = string.Join(", ", AllDatasets.List.Select(dataset => dataset.Name));
        if (Default.Count == 0)
        {
            yield return ("default", $"is empty; it must name at least one dataset. Known: {known}.");
        }

        foreach (var name in Default.Where(name => AllDatasets.List.All(dataset => dataset.Name != name)))
        {
            yield return ("default", $"names the dataset '{name}', which there is not. Known: {known}.");
        }

        foreach (var name in Experiments.Keys.Where(name => !IsPlain(name)))
        {
            yield return ("experiments", $"has the name '{name}'; it must be letters, digits, hyphens and underscores, for it names a folder.");
        }

        foreach (var name in Schedules.Keys.Where(name => !IsPlain(name)))
        {
            yield return ("schedules", $"has the name '{name}'; it must be letters, digits, hyphens and underscores, for commands and addresses hold it.");
        }

        var sets = Experiments.Select(entry => ($"experiments.{entry.Key}", entry.Value.Set)).Concat(Schedules.Select(entry => ($"schedules.{entry.Key}", entry.Value.Set)));
        foreach (var (path, set) in sets)
        {
            foreach (var secret in set.Select(OptionSecrets.SetBy<PipelineConfiguration>).OfType<string>())
            {
                yield return ($"{path}.set", $"sets {secret}, which is secret; set it where it belongs in this file.");
            }
        }

        if (Data.Length == 0)
        {
            yield return ("data", "is empty; it must name a folder.");
        }
    }

    static bool IsPlain(string name) => name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');
}

/// <summary>Options of each dataset, by its name.</summary>
public sealed record DatasetsOptions
{
    [Option("Songs for people who like some genres; from playlists.")]
    public SpotifyDatasetOptions Spotify { get; init; } = new();

    [Option("Clothes for customers, by what they and others bought; from H&M's transactions.")]
    public HmDatasetOptions Hm { get; init; } = new();

    [Option("Messages that encourage a vaccination, for people of a drawn population; the six settings vaccine-25x25 to vaccine-100x100 share these options.")]
    public VaccineDatasetOptions Vaccine { get; init; } = new();
}

/// <summary>Options of each kind of tower, by its name.</summary>
public sealed record TowersOptions
{
    [Option("FT-Mamba.")]
    public MambaOptions Mamba { get; init; } = new();

    [Option("FT-Transformer.")]
    public TransformerOptions Transformer { get; init; } = new();
}
