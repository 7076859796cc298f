using System.Diagnostics;
using System.Text.Json;
using Pipeline.Host;
using Pipeline.Stages;

namespace Pipeline.Unit.Host;

/// <summary>The real command line over the real datasets, so small that a whole night takes a second. Its folder goes with it.</summary>
sealed class Nightly : IDisposable
{
    static readonly string[] Small =
    [
        "datasets.spotify.pairs.train=640", "datasets.spotify.pairs.validation=64", "datasets.spotify.pairs.testUsers=60",
        "datasets.spotify.training.steps=40", "datasets.spotify.training.probeEverySteps=20", "datasets.spotify.training.checkpointEverySteps=5",
        "datasets.spotify.training.learningRate=0.003", "datasets.spotify.report.resamples=100",
        "datasets.hm.sample.customers=1000", "datasets.hm.sample.transactions=20000", "datasets.hm.sample.articles=1000",
        "datasets.hm.split.train=320", "datasets.hm.split.validation=32", "datasets.hm.training.steps=20", "datasets.hm.training.probeEverySteps=20",
        "datasets.hm.report.resamples=100",
        "datasets.vaccine.sample.users=1000", "datasets.vaccine.clusters.users=800", "datasets.vaccine.pairs.train=640", "datasets.vaccine.pairs.validation=64",
        "datasets.vaccine.pairs.testUsers=60", "datasets.vaccine.training.steps=20", "datasets.vaccine.training.probeEverySteps=20",
        "datasets.vaccine.report.resamples=100",
        "towers.mamba.tokenWidth=16", "towers.mamba.layers=2", "towers.transformer.tokenWidth=16", "towers.transformer.feedForwardWidth=32",
    ];

    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("pipeline-nightly-");

    /// <summary>Its current folder, which may hold a pipeline.json.</summary>
    public string Folder => folder.FullName;

    public string Data => Path.Combine(folder.FullName, "data");

    public CliResult Run(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var context = new CliContext { Out = output, Error = error, CurrentFolder = folder.FullName, Datasets = AllDatasets.List };
        var code = Cli.RunAsync([.. WithSettings(args)], context, CancellationToken.None).GetAwaiter().GetResult();
        return new CliResult(code, output.ToString(), error.ToString());
    }

    /// <summary>The same in a process of its own, which can be killed.</summary>
    public Process Start(params string[] args) => Start(new Dictionary<string, string>(), args);

    /// <param name="environment">Beside that of this process.</param>
    public Process Start(IReadOnlyDictionary<string, string> environment, params string[] args)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["exec", typeof(Cli).Assembly.Location, .. WithSettings(args)])
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Every part of every finished generation: "spotify/3-models/mamba seed 1 model.json", and its digest.</summary>
    /// <param name="below">Folder below the data root; with one dataset in it.</param>
    public SortedDictionary<string, string> Parts(string below = "")
    {
        var parts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var manifest in Manifests(below))
        {
            foreach (var part in manifest.GetProperty("parts").EnumerateArray())
            {
                var seed = manifest.TryGetProperty("seed", out var found) && found.ValueKind == JsonValueKind.Number ? $" seed {found}" : "";
                parts.Add($"{manifest.GetProperty("artifact")}{seed} {part.GetProperty("path")}", part.GetProperty("sha256").GetString()!);
            }
        }

        return parts;
    }

    public IReadOnlyList<JsonElement> Manifests(string below = "") =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Data, below), "manifest.json", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Order(StringComparer.Ordinal).Select(file => JsonDocument.Parse(File.ReadAllText(file)).RootElement),
    ];

    /// <summary>True while a training that began has left what it can be gone on with.</summary>
    /// <param name="artifact">Folder of the model, or the beginning of it.</param>
    /// <param name="root">Folder of the data root below this one's.</param>
    public bool HasCheckpoint(string artifact = "3-models", string root = "")
    {
        try
        {
            return DatasetScan.Of(new DataRoot(Path.Combine(Data, root)), "spotify").Generations
                .Any(folder => folder.State == GenerationState.Partial && folder.Artifact.StartsWith(artifact, StringComparison.Ordinal)
                    && Directory.EnumerateFiles(folder.Path, "checkpoint.safetensors", SearchOption.AllDirectories).Any());
        }
        catch (DirectoryNotFoundException)
        {
            // It was finished, or taken over, while it was looked at.
            return false;
        }
    }

    public JsonElement Metrics() => JsonDocument.Parse(File.ReadAllText(Path.Combine(Data, "spotify/5-report/current/metrics.json"))).RootElement;

    public void Dispose() => folder.Delete(recursive: true);

    /// <summary>More settings for every command, over the others.</summary>
    public IReadOnlyList<string> Extra { get; init; } = [];

    /// <summary>After the verb, so that what a test sets itself comes later and holds.</summary>
    IEnumerable<string> WithSettings(string[] args) => [args[0], .. Small.Concat(Extra).SelectMany(setting => new[] { "--set", setting }), .. args[1..]];
}
