using Pipeline.Host;
using Pipeline.Ingest.Datasets;
using Pipeline.Stages;
using Pipeline.Unit.Stages;

namespace Pipeline.Unit.Faults;

/// <summary>The shape of a nightly run with stages that write a line: sample -> train (with checkpoints) -> two lists -> report -> publish.</summary>
sealed class SweptPipeline : IDatasetPipeline
{
    public string Name => "spotify";

    public string UserIdForm => "An id is a word.";

    public string? ExampleUser => "rock";

    public PipelineConfiguration Rooted(PipelineConfiguration configuration, Func<string, string> resolve) => new SpotifyPipeline().Rooted(configuration, resolve);

    public string? Raw(PipelineConfiguration configuration) => configuration.Datasets.Spotify.Raw;

    public IReadOnlyList<int> Seeds(PipelineConfiguration configuration) => [1];

    public IStage Sampler(PipelineConfiguration configuration) => new SpotifySampleStage(configuration.Datasets.Spotify.Sample);

    public IReadOnlyList<IStage> Stages(PipelineConfiguration configuration)
    {
        var steps = new ToyOptions { Steps = configuration.Datasets.Spotify.Training.Steps };
        string[] raw = Raw(configuration) is { } folder ? [folder] : [];
        return
        [
            new ToyStage("ingest", [], ["1-tables/songs", "2-features/users"]) { RawFolders = raw },
            new ToyStage("train/mamba", ["1-tables/songs"], ["3-models/mamba"]) { Seeds = SeedScope.Each, IsResumable = true, Toy = steps, Then = Checkpoint },
            new ToyStage("export/mamba", ["3-models/mamba"], ["4-topk/mamba"]) { Seeds = SeedScope.First },
            new ToyStage("export/transformer", ["3-models/mamba"], ["4-topk/transformer"]) { Seeds = SeedScope.First },
            new ToyStage("report", ["3-models/mamba"], ["5-report"]) { Seeds = SeedScope.All, Then = Metrics },
            new ToyStage("publish", ["5-report", "2-features/users", "4-topk/mamba", "4-topk/transformer"], [])
            {
                Seeds = SeedScope.First,
                PublishedFolders = ["4-topk/mamba", "4-topk/transformer"],
            },
        ];
    }

    /// <summary>As training does it: beside the old one, then over it; twice.</summary>
    static void Checkpoint(StageContext context, CancellationToken cancellation)
    {
        var path = context.Output(new Artifact("3-models/mamba", "3-models/mamba"), 1).File("checkpoint.bin");
        for (var step = 0; step < 2; step++)
        {
            Files.WriteAllText(path + ".new", $"{step}");
            Files.Rename(path + ".new", path);
        }
    }

    static void Metrics(StageContext context, CancellationToken cancellation) =>
        Files.WriteAllText(context.Output(new Artifact("5-report", "5-report")).File("metrics.json"), """{ "dataset": "spotify", "synthetic": true, "rows": [] }""");
}
