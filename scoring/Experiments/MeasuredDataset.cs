using System.Text.Json;
using Pipeline.Scoring.Metrics;
using Pipeline.Scoring.Report;
using Pipeline.Scoring.Statistics;
using Pipeline.Stages;

namespace Pipeline.Scoring.Experiments;

/// <summary>What a dataset's report says of the two towers, as far as an experiment compares it with the paper.</summary>
public sealed record MeasuredDataset
{
    public const string Mamba = "mamba", Transformer = "transformer";

    /// <summary>"vaccine-25x50".</summary>
    public required string Name { get; init; }

    /// <summary>What a reader must know of the data: "0.1 % sample"; null where nothing.</summary>
    public string? Label { get; init; }

    public bool IsSynthetic { get; init; }

    public required IReadOnlyList<int> Seeds { get; init; }

    /// <summary>Of both towers; relevant are the catalogue's items.</summary>
    public required IReadOnlyList<MeasuredRow> Rows { get; init; }

    /// <summary>Mamba minus Transformer by each metric that was tested.</summary>
    public required IReadOnlyList<PairedTest> Tests { get; init; }

    /// <summary>Mamba's value over Transformer's, by metric: "HR@1". Not a number where Transformer has 0 in some resample.</summary>
    public required IReadOnlyDictionary<string, Interval> Ratios { get; init; }

    public IReadOnlyList<DeadRun> DeadRuns { get; init; } = [];

    public IReadOnlyList<TrainingCurve> Curves { get; init; } = [];

    public IReadOnlyList<RankedLikes> Likes { get; init; } = [];

    /// <summary>Counted test users, all seeds together.</summary>
    public int Users => Rows[0].Users;

    /// <summary>What a reader must know of the data beside a number; null where nothing, as of data that the paper generates too.</summary>
    public string? Origin => Label ?? (IsSynthetic && PaperTable.NumberOf(Name) != "II" ? "generated" : null);

    public MeasuredRow Row(string tower, string metric) => Rows.Single(row => row.List == tower && row.Metric.Name == metric);

    /// <param name="file">Absolute path of metrics.json of a report.</param>
    /// <param name="testLists">By tower: the folders of the lists of its test users, one per seed, none where the likes are not asked for.</param>
    /// <exception cref="PipelineException">Something cannot be read.</exception>
    public static MeasuredDataset Read(string file, Func<string, IReadOnlyList<string>> testLists) => Read(file) with
    {
        Likes = [.. PaperTable.Towers.Select(tower => (tower, Folders: testLists(tower))).Where(found => found.Folders.Count > 0)
            .Select(found => RankedLikes.Of(found.tower, [.. found.Folders.Select(LikedItems.Read)]))],
    };

    static MeasuredDataset Read(string file)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            return Read(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or IOException)
        {
            throw new PipelineException(
                ExitCode.InputMissing, $"{file} is damaged: {error.Message} Remove the folder it lies in, then run the experiment again.", error);
        }
    }

    static MeasuredDataset Read(JsonElement root) => new()
    {
        Name = root.GetProperty("dataset").GetString()!,
        Label = root.GetProperty("label").GetString(),
        IsSynthetic = root.GetProperty("synthetic").GetBoolean(),
        Seeds = [.. root.GetProperty("seeds").EnumerateArray().Select(seed => (int)seed.GetDouble())],
        Rows = [.. OfTowers(root, "rows").Where(row => row.GetProperty("relevant").GetString() == "catalogue").Select(row =>
            new MeasuredRow(List(row), Metric(row), Interval(row), row.GetProperty("users").GetInt32(), Numbers(row, "bySeed")))],
        Tests = [.. OfTowers(root, "tests").Where(test => test.GetProperty("minus").GetString() == Transformer).Select(test => new PairedTest(
            new Comparison(Mamba, Transformer, Metric(test)), Interval(test), test.GetProperty("p").GetDouble(), test.GetProperty("pHolm").GetDouble()))],
        Ratios = OfTowers(root, "differences").ToDictionary(difference => Metric(difference).Name, difference => Interval(difference.GetProperty("ratio"))),
        DeadRuns = [.. OfTowers(root, "deadRuns").Select(run => new DeadRun(List(run), run.GetProperty("seed").GetInt32(), run.GetProperty("cause").GetString()!))],
        Curves = [.. OfTowers(root, "curves").Select(curve => new TrainingCurve(
            List(curve),
            Metric(curve),
            curve.GetProperty("users").GetInt32(),
            [.. curve.GetProperty("points").EnumerateArray().Select(point => new CurvePoint(point.GetProperty("step").GetInt32(), Interval(point)))]))],
    };

    static IEnumerable<JsonElement> OfTowers(JsonElement root, string name) =>
        root.GetProperty(name).EnumerateArray().Where(element => List(element) is Mamba or Transformer);

    static string List(JsonElement element) => element.GetProperty("list").GetString()!;

    static IMetric Metric(JsonElement element) => AllMetrics.List.Single(metric =>
        metric.Id == element.GetProperty("metric").GetString() && metric.K == element.GetProperty("k").GetInt32());

    static Interval Interval(JsonElement element) => new(Number(element, "value"), Number(element, "low"), Number(element, "high"));

    static double Number(JsonElement element, string name) =>
        element.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : double.NaN;

    static IReadOnlyList<double> Numbers(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(number => number.GetDouble())];
}
