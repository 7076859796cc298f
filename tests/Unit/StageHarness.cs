using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Stages;

namespace Pipeline.Unit;

/// <summary>
/// Runs single stages over a temporary folder, without graph, plan or ledger: what one stage wrote becomes the input of the
/// next. The folder is deleted with the harness.
/// </summary>
sealed class StageHarness(string dataset = "test", int threads = 1) : IDisposable
{
    readonly List<InputFolder> generations = [];
    readonly DirectoryInfo root = Directory.CreateTempSubdirectory("pipeline-stage-");
    int folders;

    /// <summary>A folder of the harness for files that no stage wrote.</summary>
    public string Root => root.FullName;

    /// <summary>Of the stages that run from now on.</summary>
    public int Threads { get; set; } = threads;

    /// <summary>Asked by the stages that run from now on.</summary>
    public CancellationToken Cancellation { get; set; }

    /// <summary>The lines that stages logged, in order.</summary>
    public List<string> Log { get; } = [];

    /// <param name="seeds">All seeds of the dataset. Empty means seed 1.</param>
    /// <returns>The harness, so that runs can be chained.</returns>
    public StageHarness Run(IStage stage, params IReadOnlyList<int> seeds)
    {
        seeds = seeds.Count == 0 ? [1] : seeds;
        IReadOnlyList<int> scoped = stage.Seeds switch
        {
            SeedScope.None => [],
            SeedScope.First => [seeds[0]],
            _ => seeds,
        };
        foreach (var batch in stage.Seeds == SeedScope.Each ? scoped.Chunk(stage.SeedsAtOnce) : [[.. scoped]])
        {
            RunOnce(stage, batch);
        }

        return this;
    }

    /// <summary>What a stage wrote last, complete with manifest.</summary>
    public InputFolder Input(Artifact artifact, int? seed = null) =>
        generations.Last(generation => generation.Artifact == artifact && generation.Seed == seed);

    public bool Has(Artifact artifact) => generations.Any(generation => generation.Artifact == artifact);

    /// <summary>A folder filled by hand, to be handed to <see cref="Add"/>.</summary>
    public OutputFolder Output(Artifact artifact, int? seed = null)
    {
        var path = Path.Combine(Root, artifact.Folder, $"{folders++}-seed-{seed?.ToString() ?? "none"}");
        Directory.CreateDirectory(path);
        return new OutputFolder(artifact, seed, path);
    }

    /// <summary>Makes a filled folder an input of later stages.</summary>
    public InputFolder Add(OutputFolder output, string stage = "by hand", bool isSynthetic = false)
    {
        var files = Directory.GetFiles(output.Path, "*", SearchOption.AllDirectories)
            .Select(file => (Part: Path.GetRelativePath(output.Path, file).Replace('\\', '/'), Bytes: File.ReadAllBytes(file)))
            .OrderBy(file => file.Part, StringComparer.Ordinal);
        ManifestPart[] parts = [.. files.Select(file => new ManifestPart(
            file.Part,
            file.Bytes.Length,
            Convert.ToHexStringLower(SHA256.HashData(file.Bytes)),
            output.RowsOfPart.TryGetValue(file.Part, out var rows) ? rows : null))];
        var manifest = new Manifest
        {
            Artifact = output.Artifact.Folder,
            Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(parts.Select(part => part.Sha256))))),
            Stage = $"{dataset}/{stage}",
            StageVersion = 1,
            Seed = output.Seed,
            Synthetic = isSynthetic,
            Rows = output.Schema is null ? null : output.RowsOfPart.Values.Sum(),
            Bytes = parts.Sum(part => part.Bytes),
            Schema = output.Schema,
            Parts = parts,
            Options = new JsonObject(),
            Parents = [],
            Facts = new JsonObject(output.Facts.Select(fact => KeyValuePair.Create(fact.Key, JsonValue.Create(fact.Value) as JsonNode))),
            ToolVersion = "test",
            Simd = "test",
        };
        var input = new InputFolder(output.Artifact, output.Seed, output.Path, manifest);
        generations.RemoveAll(generation => generation.Artifact == output.Artifact && generation.Seed == output.Seed);
        generations.Add(input);
        return input;
    }

    public void Dispose() => root.Delete(recursive: true);

    void RunOnce(IStage stage, IReadOnlyList<int> seeds)
    {
        IReadOnlyList<int?> seedsOfOutput = stage.Seeds == SeedScope.Each ? [.. seeds.Select(seed => (int?)seed)] : [null];
        OutputFolder[] outputs = [.. stage.Writes.SelectMany(_ => seedsOfOutput, Output)];
        InputFolder[] inputs = [.. generations.Where(generation =>
            stage.Reads.Contains(generation.Artifact) && (generation.Seed is not { } seed || seeds.Contains(seed)))];
        var context = new StageContext(dataset, seeds, inputs, outputs, Threads, new StoppedClock(), new Listener(Log));
        stage.RunAsync(context, Cancellation).GetAwaiter().GetResult();
        foreach (var output in outputs)
        {
            Add(output, stage.Name, stage.IsSynthetic || inputs.Any(input => input.Manifest.Synthetic));
        }
    }

    /// <summary>Always the same moment: no test depends on when it runs.</summary>
    sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;

        public override long GetTimestamp() => 0;
    }

    sealed class Listener(List<string> log) : IStageListener
    {
        public void Progress(long done, long total, string unit)
        {
        }

        public void Log(string line) => log.Add(line);
    }
}
