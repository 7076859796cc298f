using Pipeline.Host.Terminal;
using Pipeline.Scoring.Report;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Runs;

/// <summary>How far a running stage is: a bar, and rate and time left in words. The script moves both.</summary>
static class StageBar
{
    public static Element Of(StageRecord stage, IReadOnlyList<StageProgress> progress)
    {
        var title = Title(stage);
        var now = progress.FirstOrDefault(each => each.Stage == title || each.Stage == stage.Stage) ?? progress.FirstOrDefault(each => each.Stage.StartsWith($"{stage.Stage} (", StringComparison.Ordinal));
        return new Element("span")
        {
            ("class", "progress"),
            ("data-stage", now?.Stage ?? title),
            new Element("progress") { ("max", 1), ("value", now?.Fraction ?? 0), ("aria-label", $"Progress of {title}") },
            new Element("span") { ("data-text", ""), now?.Text ?? "running" },
        };
    }

    /// <summary>"spotify/train/mamba (seeds 1, 2)", as the stage itself is called while it runs.</summary>
    public static string Title(StageRecord stage) => stage.Seeds.Count > 1 ? $"{stage.Stage} (seeds {string.Join(", ", stage.Seeds)})" : stage.Stage;

    /// <summary>The running stages of a run, each with its bar.</summary>
    public static Element List(DataRoot root, RunRecord run)
    {
        var progress = ProgressFile.Read(root, run.Run);
        var list = new Element("ul") { ("class", "bars") };
        foreach (var stage in run.Stages.Where(stage => stage.State == RunState.Running))
        {
            list.Add(new Element("li") { new Element("strong") { Title(stage) }, " ", Of(stage, progress) });
        }

        return list;
    }
}
