using Pipeline.Host;
using Pipeline.Ingest.Datasets;
using Pipeline.Stages;

namespace Pipeline.Unit.Host;

/// <summary>
/// A dataset of four small stages: (sample ->) ingest -> train/mamba, per seed -> report. It bears the name of a real one, so that
/// its options can be set.
/// </summary>
sealed class StubPipeline : IDatasetPipeline
{
    const string Metrics = """
        {
          "dataset": "spotify", "synthetic": true,
          "rows": [
            { "list": "mamba", "metric": "P", "k": 5, "value": 0.95, "low": 0.94, "high": 0.96, "users": 2000, "seeds": 1 },
            { "list": "oracle", "metric": "P", "k": 5, "value": 0.98, "low": 0.97, "high": 0.99, "users": 2000, "seeds": 1 },
            { "list": "oracle", "metric": "R", "k": 10, "value": null, "low": null, "high": null, "users": 0, "seeds": 1 }
          ]
        }
        """;

    /// <summary>What a stage does beside writing its output, by its name.</summary>
    public Dictionary<string, Func<StageContext, CancellationToken, Task>> Deeds { get; } = new(StringComparer.Ordinal);

    /// <summary>The options that the last sampler was made with.</summary>
    public SpotifySampleOptions? Sampled { get; private set; }

    public string Name => "spotify";

    public string UserIdForm => "An id is a word.";

    public string? ExampleUser => "rock";

    public PipelineConfiguration Rooted(PipelineConfiguration configuration, Func<string, string> resolve) =>
        new SpotifyPipeline().Rooted(configuration, resolve);

    public string? Raw(PipelineConfiguration configuration) => configuration.Datasets.Spotify.Raw;

    public IReadOnlyList<int> Seeds(PipelineConfiguration configuration) => configuration.Datasets.Spotify.Seeds;

    public IReadOnlyList<IStage> Stages(PipelineConfiguration configuration)
    {
        var raw = Raw(configuration);
        var steps = configuration.Datasets.Spotify.Training.Steps;
        return
        [
            .. raw is null ? [Sampler(configuration)] : Array.Empty<IStage>(),
            new Stub(this, "ingest", raw is null ? ["0-raw/sample"] : [], "1-tables/tracks", SeedScope.None, steps: 0, raw),
            new Stub(this, "train/mamba", ["1-tables/tracks"], "3-models/mamba", SeedScope.Each, steps, raw: null),
            new Stub(this, "report", ["3-models/mamba"], "5-report", SeedScope.All, steps: 0, raw: null),
        ];
    }

    public IStage Sampler(PipelineConfiguration configuration)
    {
        Sampled = configuration.Datasets.Spotify.Sample;
        return new Stub(this, "sample", [], "0-raw/sample", SeedScope.None, steps: 0, raw: null);
    }

    sealed class Stub(StubPipeline owner, string name, string[] reads, string writes, SeedScope seeds, int steps, string? raw) : IStage
    {
        public string Name => name;

        public int Version => 1;

        public object Options { get; } = new StubOptions(steps);

        public SeedScope Seeds => seeds;

        public IReadOnlyList<string> RawFolders => raw is null ? [] : [raw];

        public IReadOnlyList<Artifact> Reads { get; } = [.. reads.Select(folder => new Artifact(folder, folder))];

        public IReadOnlyList<Artifact> Writes { get; } = [new Artifact(writes, writes)];

        public bool IsSynthetic => name == "sample";

        public async Task RunAsync(StageContext context, CancellationToken cancellation)
        {
            context.Progress(1, 2, "rows");
            context.Log($"{name} at work");
            if (owner.Deeds.TryGetValue(name, out var deed))
            {
                await deed(context, cancellation);
            }

            foreach (var seed in seeds == SeedScope.Each ? context.Seeds.Select(each => (int?)each) : [null])
            {
                var output = seed is { } number ? context.Output(Writes[0], number) : context.Output(Writes[0]);
                File.WriteAllText(output.File("data.txt"), $"{name} {seed} {steps}");
                if (name == "report")
                {
                    File.WriteAllText(output.File("metrics.json"), Metrics);
                }
            }
        }
    }

    sealed record StubOptions(int Steps);
}
