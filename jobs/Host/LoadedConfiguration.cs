using Pipeline.Host.Commands;
using Pipeline.Stages;
using Pipeline.Stages.Configuration;

namespace Pipeline.Host;

/// <summary>The configuration in force: pipeline.json, and over it what the command line says. All its paths are absolute.</summary>
/// <param name="File">Absolute path of the file; null if there is none and the defaults hold.</param>
/// <param name="Settings">What --set changed, with absolute paths: what a resumed run is given again.</param>
sealed record LoadedConfiguration(PipelineConfiguration Value, string? File, IReadOnlyList<string> Settings)
{
    public const string FileName = "pipeline.json";

    public string DataRoot => Value.Data;

    /// <summary>True if the file has changed, or gone, since it was read here.</summary>
    public bool IsOutdated => File is { } file && System.IO.File.GetLastWriteTimeUtc(file) != Modified;

    /// <summary>When the file was written that was read, UTC; meaningless without a file.</summary>
    DateTime Modified { get; init; }

    /// <exception cref="PipelineException">InvalidConfiguration with every error; InputMissing if --config names no file.</exception>
    public static LoadedConfiguration Load(CliContext context, CommonValues values)
    {
        var file = Find(context, values.Config);
        IReadOnlyList<string> settings = [.. values.Overrides.Select(setting => Rooted(setting, context.CurrentFolder, context.Datasets))];
        // Asked before it is read: what is written in between counts as a change.
        var modified = file is null ? default : System.IO.File.GetLastWriteTimeUtc(file);
        var text = file is null ? "{}" : ConfigurationFile.Read(file);
        var read = OptionsReader.Read<PipelineConfiguration>(text, file is null ? FileName : Path.GetFileName(file), settings);

        // A path of the file starts from where the file lies; one of the command line was made absolute above.
        var folder = file is null ? context.CurrentFolder : Path.GetDirectoryName(file)!;
        var data = values.Data is { } given ? Path.GetFullPath(given, context.CurrentFolder) : Path.GetFullPath(read.Data, folder);
        if (new FileInfo(data).LinkTarget is { } target && !Directory.Exists(data))
        {
            throw new PipelineException(ExitCode.InputMissing, $"The data root {data} is a link to {target}, where no folder is. Mount or make what it points at, or name another folder with --data DIR.");
        }

        if (System.IO.File.Exists(data))
        {
            throw new PipelineException(ExitCode.InvalidConfiguration, $"The data root {data} is a file; it must be a folder. Correct --data, or 'data' of {FileName}.");
        }

        var rooted = read with { Data = data, Threads = values.Threads ?? read.Threads };
        foreach (var dataset in context.Datasets)
        {
            rooted = dataset.Rooted(rooted, path => Path.GetFullPath(path, folder));
        }

        return new LoadedConfiguration(rooted, file, settings) { Modified = modified };
    }

    static string? Find(CliContext context, string? given)
    {
        var file = Path.GetFullPath(given ?? FileName, context.CurrentFolder);
        return ConfigurationFile.IsThere(file) ? file
            : given is null ? null
            : throw new PipelineException(ExitCode.InputMissing, $"There is no configuration file {file}. Correct --config, or leave it out to use {FileName} or the defaults.");
    }

    /// <summary>A "path=value" whose value, if it is a folder, is absolute.</summary>
    /// <param name="folder">What a relative one starts from.</param>
    public static string Rooted(string setting, string folder, IReadOnlyList<IDatasetPipeline> datasets)
    {
        var isPath = setting.StartsWith("data=", StringComparison.Ordinal)
            || datasets.Any(dataset => setting.StartsWith($"datasets.{dataset.Section}.raw=", StringComparison.Ordinal)
                || setting.StartsWith($"datasets.{dataset.Section}.negatives.hard.lists=", StringComparison.Ordinal));
        var (name, value) = (setting.Split('=')[0], setting[(setting.IndexOf('=') + 1)..]);
        return isPath && value is not ("" or "null") ? $"{name}={Path.GetFullPath(value, folder)}" : setting;
    }
}
