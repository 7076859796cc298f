using Pipeline.Host.Dashboard.Live;
using Pipeline.Host.Terminal;
using Pipeline.Scoring.Report;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Pages;

/// <summary>One run: its stages with live progress, its log, and what can be done about it.</summary>
sealed class RunPage : IPage
{
    public string Path => "/runs/{run}";

    public PageContent Render(PageRequest request)
    {
        var name = request.Route("run");
        var run = request.Ledger.Find(name) ?? throw new PipelineException(ExitCode.Usage, $"There is no run '{name}' in {request.Root.Path}.");
        using var log = new LogTail(request.Root, run.Run);
        return new PageContent(
            $"Run {run.Run}",
            Show.Live("facts", Facts(run)),
            Show.Live("actions", Actions(request, run)),
            Show.Live("stages", Stages(request, run)),
            HtmlPage.Section("Log", new Element("pre") { ("class", "log"), ("data-log", ""), ("tabindex", "0"), ("aria-label", "Log"), log.Tail() }))
        {
            Events = run.State == RunState.Running ? RunEvents.Of(run.Run) : null,
        };
    }

    static Element Facts(RunRecord run) => new("p")
    {
        ("class", "lead"),
        Show.State(run.State),
        $" {Show.Words(run.Selection)}. Started {Phrase.Time(run.Started)}{(run.Finished is { } end ? $", took {Phrase.Duration(end - run.Started)}" : "")}. Process {run.Pid} on {run.Host}.",
    };

    static Element Actions(PageRequest request, RunRecord run)
    {
        var actions = new Element("div") { ("class", "actions") };
        if (run.State == RunState.Running)
        {
            actions.Add(request.Button($"{Show.RunAddress(run.Run)}/cancel", "Cancel"));
        }
        else if (run.State != RunState.Succeeded)
        {
            actions.Add(request.Button($"{Show.RunAddress(run.Run)}/resume", "Resume"));
        }

        return actions;
    }

    static Element Stages(PageRequest request, RunRecord run)
    {
        var progress = ProgressFile.Read(request.Root, run.Run);
        return Show.Table(
            "Stages, in the order in which they began.",
            ["stage", "state", "time ", "rows ", "size ", "why"],
            run.Stages.Select(stage => (IReadOnlyList<Markup>)
            [
                stage.Stage + (stage.Seeds.Count > 1 ? $" (seeds {string.Join(", ", stage.Seeds)})" : ""),
                stage.State == RunState.Running ? Bar(stage, progress) : Show.State(stage),
                stage.DurationSeconds is { } seconds ? Phrase.Duration(TimeSpan.FromSeconds(seconds)) : "",
                stage.Rows is { } rows ? Phrase.Count(rows) : "",
                stage.Bytes is { } bytes ? Phrase.Bytes(bytes) : "",
                stage.Message ?? stage.Reason ?? "",
            ]));
    }

    static Element Bar(StageRecord stage, IReadOnlyList<StageProgress> progress)
    {
        var now = progress.FirstOrDefault(each => each.Stage.StartsWith(stage.Stage, StringComparison.Ordinal));
        return new Element("span")
        {
            ("data-stage", now?.Stage ?? stage.Stage),
            new Element("progress") { ("max", 1), ("value", now?.Fraction ?? 0), ("aria-label", $"Progress of {stage.Stage}") },
            new Element("span") { ("data-text", ""), now?.Text ?? " running" },
        };
    }
}
