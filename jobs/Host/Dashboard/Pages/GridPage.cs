using Pipeline.Host.Commands;
using Pipeline.Host.Dashboard.Live;
using Pipeline.Host.Terminal;
using Pipeline.Scoring.Report;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Pages;

/// <summary>The latest runs of one dataset beside each other: a column per run, a row per stage.</summary>
sealed class GridPage : IPage
{
    const int Most = 30;

    /// <summary>Of several calls of one stage in one run the first of these that there is.</summary>
    static readonly string[] WorstFirst = ["failed", "crashed", "cancelled", "running", "succeeded", "skipped"];

    public string Path => "/grid";

    public PageContent Render(PageRequest request)
    {
        var dataset = DatasetChoice.Of(request);
        var runs = request.Ledger.Runs().Where(run => run.Datasets.Contains(dataset.Name)).TakeLast(Most).Reverse()
            .Select(run => request.Ledger.Find(run.Run)).OfType<RunRecord>().ToList();
        return new PageContent(
            $"Nights of {dataset.Name}",
            DatasetChoice.Links(request, dataset, Address.Grid),
            Show.Live("grid", runs.Count == 0 ? DatasetChoice.NeverRan(request, dataset) : Table(request, dataset, runs)))
        { Events = RunEvents.All };
    }

    static Element Table(PageRequest request, IDatasetPipeline dataset, IReadOnlyList<RunRecord> runs)
    {
        var stages = Stages(request, dataset, runs);
        var table = new Element("table")
        {
            ("class", "nights"),
            new Element("caption") { $"The latest {runs.Count} runs, the newest first. A sign leads to the stage in its run: ✓ succeeded, ○ up to date or not reached, ✕ failed or crashed, ■ cancelled, ▶ running, empty: not part of the run." },
            new Element("thead")
            {
                Row("stage", "col", runs.Select(run => Show.Link(Address.Run(run.Run), $"{run.Started.UtcDateTime:MM-dd HH:mm}"))),
            },
            new Element("tbody")
            {
                Row("the run", "row", runs.Select(run => Show.Sign(RunsCommand.Word(run.State), Address.Run(run.Run), $"Run {run.Run}: {RunsCommand.Word(run.State)}"))),
                Row("time", "row", runs.Select(run => (Markup)Show.Took(run.Started, run.Finished))),
                stages.Select(stage => (Markup)Row(stage[(dataset.Name.Length + 1)..], "row", runs.Select(run => Cell(run, stage)))),
            },
        };
        return new Element("div") { ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", $"Nights of {dataset.Name}"), table };
    }

    /// <summary>Those of the present configuration in the order of running, then those that only earlier runs had.</summary>
    static List<string> Stages(PageRequest request, IDatasetPipeline dataset, IReadOnlyList<RunRecord> runs)
    {
        var graph = request.Session.Graph(dataset);
        var earlier = runs.SelectMany(run => run.Stages).Select(stage => stage.Stage).Where(stage => stage.StartsWith($"{dataset.Name}/", StringComparison.Ordinal));
        return [.. graph.Stages.Select(graph.PathOf).Concat(earlier).Distinct(StringComparer.Ordinal)];
    }

    static Markup Cell(RunRecord run, string stage)
    {
        var records = run.Stages.Where(record => record.Stage == stage).ToList();
        if (records.Count == 0)
        {
            return "";
        }

        var worst = records.MinBy(record => Array.IndexOf(WorstFirst, Word(record)))!;
        var took = records.Sum(record => record.DurationSeconds ?? 0);
        string?[] words =
        [
            $"{stage}, {run.Started.UtcDateTime:yyyy-MM-dd HH:mm}",
            took > 0 ? $"{Word(worst)}, {Phrase.Duration(TimeSpan.FromSeconds(took))}" : Word(worst),
            worst.Message ?? worst.Reason,
        ];
        return Show.Sign(Word(worst), Address.StageOfRun(run.Run, stage), string.Join(": ", words.OfType<string>()));
    }

    static string Word(StageRecord stage) => stage.IsSkipped ? "skipped" : RunsCommand.Word(stage.State);

    static Element Row(string title, string scope, IEnumerable<Markup> cells) => new("tr")
    {
        new Element("th") { ("scope", scope), title },
        cells.Select(cell => (Markup)(scope == "col" ? new Element("th") { ("scope", "col"), cell } : new Element("td") { cell })),
    };
}
