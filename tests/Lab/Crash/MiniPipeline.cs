using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Stages;

namespace Pipeline.Lab.Crash;

/// <summary>A folder with a pipeline.json of three datasets, so small that a whole night takes about a second, and the built executable to run there.</summary>
sealed class MiniPipeline(string folder)
{
    static readonly string[] Small =
    [
        "datasets.spotify.pairs.train=64", "datasets.spotify.pairs.validation=16", "datasets.spotify.pairs.testUsers=20", "datasets.spotify.report.resamples=100",
        "datasets.hm.sample.customers=200", "datasets.hm.sample.transactions=4000", "datasets.hm.sample.articles=1000", "datasets.hm.split.train=64",
        "datasets.hm.split.validation=16", "datasets.hm.report.resamples=100",
        "datasets.vaccine.sample.users=1000", "datasets.vaccine.clusters.users=150", "datasets.vaccine.pairs.train=64", "datasets.vaccine.pairs.validation=16",
        "datasets.vaccine.pairs.testUsers=20", "datasets.vaccine.report.resamples=100",
        "towers.mamba.tokenWidth=8", "towers.mamba.layers=1", "towers.transformer.tokenWidth=8", "towers.transformer.layers=1", "towers.transformer.feedForwardWidth=16",
    ];

    static readonly string[] Sections = ["spotify", "hm", "vaccine"];

    /// <summary>As commands name them.</summary>
    public static IReadOnlyList<string> Datasets { get; } = ["hm", "spotify", "vaccine-25x25"];

    public string Folder { get; } = folder;

    public string Data => Path.Combine(Folder, "data");

    public DataRoot Root => new(Data);

    public Ledger Ledger => new(Root, TimeProvider.System);

    /// <param name="seeds">Of every dataset.</param>
    /// <param name="steps">Of every training; there is a checkpoint every two of them.</param>
    /// <param name="more">Settings over the small ones: "path=value".</param>
    public void Configure(int[] seeds, int steps, params IReadOnlyList<string> more)
    {
        var root = new JsonObject();
        foreach (var setting in Small.Concat(more))
        {
            var cut = setting.IndexOf('=');
            Put(root, setting[..cut], JsonNode.Parse(setting[(cut + 1)..])!);
        }

        foreach (var section in Sections)
        {
            Put(root, $"datasets.{section}.seeds", JsonSerializer.SerializeToNode(seeds)!);
            foreach (var (name, value) in new[] { ("steps", steps), ("batch", 8), ("probeEverySteps", 3), ("checkpointEverySteps", 2) })
            {
                Put(root, $"datasets.{section}.training.{name}", value);
            }
        }

        root["default"] ??= JsonSerializer.SerializeToNode(Datasets);
        File.WriteAllText(Path.Combine(Folder, "pipeline.json"), root.ToJsonString());
    }

    /// <summary>Starts a command; its output is kept out of the way.</summary>
    /// <param name="environment">Variables of the process.</param>
    public Child Start(IReadOnlyList<string> words, params IReadOnlyList<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "pipeline.exe" : "pipeline"), [.. words, "--quiet"])
        {
            WorkingDirectory = Folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new Child(Process.Start(start)!, string.Join(' ', words));
    }

    static void Put(JsonObject root, string path, JsonNode value)
    {
        var names = path.Split('.');
        foreach (var name in names[..^1])
        {
            root = (root[name] ??= new JsonObject()).AsObject();
        }

        root[names[^1]] = value;
    }
}
