using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Artifacts;

/// <summary>An artifact with its generations, whether the present configuration knows of it or not.</summary>
sealed class ArtifactView
{
    readonly IReadOnlyList<GenerationFolder> folders;
    readonly Lazy<IReadOnlyList<GenerationView>> generations;

    ArtifactView(string dataset, string folder, StageGraph graph, IReadOnlyList<GenerationFolder> folders, LedgerIndex ledger)
    {
        (Dataset, Folder, this.folders) = (dataset, folder, folders);
        Title = graph.Stages.SelectMany(stage => stage.Writes).FirstOrDefault(artifact => artifact.Folder == folder)?.Title ?? "not made by the present configuration";
        IsPublished = graph.Stages.SelectMany(stage => stage.Publishes).Any(artifact => artifact.Folder == folder);
        generations = new(() => [.. folders.Select(each => GenerationView.Of(each, ledger)).OrderByDescending(each => each.Time).ThenBy(each => each.Name, StringComparer.Ordinal)]);
    }

    public string Dataset { get; }

    /// <summary>"2-features/users".</summary>
    public string Folder { get; }

    /// <summary>What it holds, for people.</summary>
    public string Title { get; }

    /// <summary>True for lists, which only `publish` puts in use and `rollback` takes back.</summary>
    public bool IsPublished { get; }

    public int Count => folders.Count;

    /// <summary>The newest first.</summary>
    public IReadOnlyList<GenerationView> Generations => generations.Value;

    /// <summary>The one in use; null if there is none.</summary>
    public GenerationFolder? Current => folders.FirstOrDefault(folder => folder.IsCurrent);

    /// <summary>All of a dataset, in ordinal order of their folders.</summary>
    /// <exception cref="PipelineException">There is no such dataset.</exception>
    public static IReadOnlyList<ArtifactView> Of(PageRequest request, string dataset)
    {
        var pipeline = request.Session.Dataset(dataset);
        var scan = DatasetScan.Of(request.Root, dataset);
        if (scan.Generations.Count == 0)
        {
            return [];
        }

        var graph = request.Session.Graph(pipeline);
        return
        [
            .. scan.Generations.Where(folder => folder.State != GenerationState.Removed).GroupBy(folder => folder.Artifact)
                .Select(folders => new ArtifactView(dataset, folders.Key, graph, [.. folders], request.Ledger)),
        ];
    }

    /// <exception cref="PipelineException">There is no such dataset or artifact.</exception>
    public static ArtifactView Find(PageRequest request, string dataset, string folder)
    {
        var all = Of(request, dataset);
        return all.FirstOrDefault(artifact => artifact.Folder == folder) ?? throw new PipelineException(
            ExitCode.Usage, $"{dataset} has no artifact '{folder}'.{NearestNames.Hint(folder, all.Select(artifact => artifact.Folder))}");
    }

    /// <exception cref="PipelineException">There is no such generation.</exception>
    public GenerationView Generation(string name) => Generations.FirstOrDefault(generation => generation.Name == name)
        ?? throw new PipelineException(ExitCode.Usage, $"{Dataset}/{Folder} has no generation '{name}'.");

    /// <summary>The one made before another, of the same seed; null if there is none.</summary>
    public GenerationView? Before(GenerationView generation) => Generations.SkipWhile(each => each != generation).Skip(1)
        .FirstOrDefault(each => each.Manifest is not null && each.Manifest.Seed == generation.Manifest?.Seed);

    /// <param name="generation">Name; null for the one in use.</param>
    public static string Address(string dataset, string folder, string? generation = null) =>
        $"/artifacts/{Uri.EscapeDataString(dataset)}/{string.Join('/', folder.Split('/').Select(Uri.EscapeDataString))}{(generation is null ? "" : $"?generation={Uri.EscapeDataString(generation)}")}";
}
