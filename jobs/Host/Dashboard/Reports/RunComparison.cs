using Pipeline.Host.Dashboard.Artifacts;
using Pipeline.Host.Terminal;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Reports;

/// <summary>Two runs side by side: stages, what they were told, and what came out.</summary>
sealed class RunComparison(PageRequest request, RunRecord a, RunRecord b)
{
    const string ReportStage = "report";

    /// <summary>Stages of either run, in the order of the first one, then those that only the second has.</summary>
    public IReadOnlyList<StagePair> Stages { get; } =
    [
        .. a.Stages.Concat(b.Stages).Select(Key).Distinct()
            .Select(key => new StagePair(key, a.Stages.LastOrDefault(stage => Key(stage) == key), b.Stages.LastOrDefault(stage => Key(stage) == key))),
    ];

    /// <summary>What the runs were told, where it differs; options of their stages included, as far as the generations are still there.</summary>
    public IReadOnlyList<GenerationDiff> Settings() =>
    [
        .. Differing("selection", Show.Words(a.Selection), Show.Words(b.Selection)),
        .. Differing("tool version", a.ToolVersion ?? "", b.ToolVersion ?? ""),
        .. Differing("machine", a.Host ?? "", b.Host ?? ""),
        .. Values(a).Keys.Union(Values(b).Keys).Order(StringComparer.Ordinal).SelectMany(path => Differing($"setting {path}", Values(a).GetValueOrDefault(path, ""), Values(b).GetValueOrDefault(path, ""))),
        .. Stages.SelectMany(Options),
    ];

    /// <summary>The reports of both runs, for every dataset of which both have one. A null report is no more on the disk.</summary>
    public IReadOnlyList<(string Dataset, ReportFile? A, ReportFile? B)> Reports() =>
    [
        .. from dataset in request.Session.Datasets
           let one = ReportOf(a, dataset.Name)
           let other = ReportOf(b, dataset.Name)
           where one is not null && other is not null
           select (dataset.Name, Report(dataset.Name, one), Report(dataset.Name, other)),
    ];

    /// <summary>Name of the generation that the run made or found made; null if the ledger does not say.</summary>
    static string? ReportOf(RunRecord run, string dataset) => run.Stages.LastOrDefault(stage => stage.Stage == $"{dataset}/{ReportStage}" && stage.Made.Count > 0)?.Made[0];

    static string Key(StageRecord stage) => stage.Seeds.Count > 1 ? $"{stage.Stage} (seeds {string.Join(", ", stage.Seeds)})" : stage.Stage;

    static IEnumerable<GenerationDiff> Differing(string what, string before, string now) => before == now ? [] : [new GenerationDiff(what, before, now)];

    /// <summary>"path=value", the last one of a path counts.</summary>
    static Dictionary<string, string> Values(RunRecord run)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in run.Settings)
        {
            var equals = setting.IndexOf('=', StringComparison.Ordinal);
            values[equals < 0 ? setting : setting[..equals]] = equals < 0 ? "" : setting[(equals + 1)..];
        }

        return values;
    }

    IEnumerable<GenerationDiff> Options(StagePair pair) =>
        pair is { A: { Made: [var one, ..] } left, B.Made: [var other, ..] } && one != other && Manifest(left.Stage, one) is { } before && Manifest(left.Stage, other) is { } now
            ? GenerationDiff.Options($"{left.Stage}:", before, now)
            : [];

    /// <summary>Null where the generation is gone or cannot be read, or the configuration does not know its stage.</summary>
    Manifest? Manifest(string path, string generation)
    {
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var graph = request.Session.Datasets.FirstOrDefault(dataset => slash > 0 && dataset.Name == path[..slash]) is { } dataset ? request.Session.Graph(dataset) : null;
        return graph?.Stages.FirstOrDefault(stage => graph.PathOf(stage) == path)?.Writes is [var artifact, ..]
            ? ManifestFile.TryRead(request.Root.Generation(graph.Dataset, artifact, generation), out _)
            : null;
    }

    ReportFile? Report(string dataset, string generation) =>
        ReportPlaces.Of(request.Root, dataset).FirstOrDefault(folder => folder.Name == generation) is { } folder
            ? DatedReport.Read(GenerationView.Of(folder, request.Ledger), dataset).Report
            : null;
}

/// <summary>A stage in two runs; null where a run did not have it.</summary>
sealed record StagePair(string Name, StageRecord? A, StageRecord? B)
{
    /// <summary>What differs beside the time that it took: "state", "rows", "size", "content".</summary>
    public IReadOnlyList<string> Differences => A is null || B is null
        ? ["only in one"]
        :
        [
            .. Word(A) == Word(B) ? Array.Empty<string>() : ["state"],
            .. A.Rows == B.Rows || A.IsSkipped || B.IsSkipped ? Array.Empty<string>() : ["rows"],
            .. A.Bytes == B.Bytes || A.IsSkipped || B.IsSkipped ? Array.Empty<string>() : ["size"],
            .. A.Made.SequenceEqual(B.Made) || A.Made.Count == 0 || B.Made.Count == 0 ? Array.Empty<string>() : ["content"],
        ];

    /// <summary>"succeeded", "skipped", ...</summary>
    public static string Word(StageRecord stage) => stage.IsSkipped ? "skipped" : stage.State.ToString().ToLowerInvariant();

    public static string Time(StageRecord? stage) => stage?.DurationSeconds is { } seconds ? Phrase.Duration(TimeSpan.FromSeconds(seconds)) : "";

    public static string Rows(StageRecord? stage) => stage?.Rows is { } rows ? Phrase.Count(rows) : "";

    public static string Size(StageRecord? stage) => stage?.Bytes is { } bytes ? Phrase.Bytes(bytes) : "";
}
