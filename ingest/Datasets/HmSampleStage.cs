using Pipeline.Stages;

namespace Pipeline.Ingest.Datasets;

/// <summary>Generated files of the form of the real ones.</summary>
public sealed class HmSampleStage(HmSampleOptions options) : IStage
{
    public static readonly Artifact Sample = new("generated raw files", "0-raw/sample");

    public string Name => "sample";

    public int Version => 1;

    public object Options { get; } = options;

    public SeedScope Seeds => SeedScope.None;

    public IReadOnlyList<Artifact> Reads => [];

    public IReadOnlyList<Artifact> Writes => [Sample];

    public bool IsSynthetic => true;

    public Task RunAsync(StageContext context, CancellationToken cancellation) => throw new NotSupportedException("Generating H&M's files is not built yet.");
}

/// <summary>Options of the sample stage.</summary>
public sealed record HmSampleOptions;
