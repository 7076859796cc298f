using System.Text.Json;

namespace Pipeline.Stages;

/// <summary>
/// The generations that `current` is held at, whatever runs make, until they are released: `.pins.json` in the dataset's folder. One file,
/// so that lists that belong together are pinned and released in one step.
/// </summary>
public static class Pins
{
    static readonly JsonSerializerOptions Json = new() { WriteIndented = true, NewLine = "\n", AllowDuplicateProperties = false };

    /// <summary>Names of generations by artifact folder, in ordinal order.</summary>
    /// <exception cref="PipelineException">The file is damaged (InputMissing): nobody can tell what may move.</exception>
    public static SortedDictionary<string, string> Read(DataRoot root, string dataset)
    {
        var path = PathOf(root, dataset);
        if (!File.Exists(path))
            return new(StringComparer.Ordinal);
        try
        {
            var read = JsonSerializer.Deserialize<Dictionary<string, string?>>(Files.ReadAllBytes(path), Json);
            if (read is not null && read.Values.All(name => name is not null && DataRoot.IsName(name)))
                return new(read!, StringComparer.Ordinal);
        }
        catch (JsonException error)
        {
            throw Damaged(path, dataset, error);
        }

        throw Damaged(path, dataset, null);
    }

    /// <summary>Replaces all pins of a dataset in one step.</summary>
    internal static void Write(DataRoot root, string dataset, IReadOnlyDictionary<string, string> pins, Staging staging)
    {
        // Without pins too: to delete a file asks nobody whose it is by now.
        var path = PathOf(root, dataset);
        if (pins.Count == 0 && !File.Exists(path))
            return;
        staging.Replace(path, [.. JsonSerializer.SerializeToUtf8Bytes(pins, Json), (byte)'\n'], CrashPoint.PinsBefore);
        CrashPoint.Reached(CrashPoint.PinsWritten);
    }

    static string PathOf(DataRoot root, string dataset) => Path.Combine(root.Dataset(dataset), ".pins.json");

    static PipelineException Damaged(string path, string dataset, Exception? cause) => new(
        ExitCode.InputMissing,
        $"{path} does not say which generations are pinned. Release them, then roll back again where it is wanted: pipeline rollback {dataset} --release",
        cause);
}
