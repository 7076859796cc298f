using Pipeline.Host.Dashboard.Actions;
using Pipeline.Host.Dashboard.Live;
using Pipeline.Host.Dashboard.Runs;
using Pipeline.Host.Terminal;
using Pipeline.Scoring.Report;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Pages;

/// <summary>One run: what went wrong and what to do, what runs now, when each stage worked and what it made, the log, and the settings.</summary>
sealed class RunPage : IPage
{
    public string Path => "/runs/{run}";

    public PageContent Render(PageRequest request)
    {
        var run = request.FindRun(request.Route("run"));
        using var log = new LogTail(request.Root, run.Run);
        return new PageContent(
            $"Run {run.Run}",
            Show.Live("facts", [Facts(request, run), .. Trouble(request, run), Actions(request, run)]),
            Show.Live("now", run.State == RunState.Running ? [HtmlPage.Section("Running now", StageBar.List(request.Root, run))] : []),
            Show.Live("timeline", RunTimeline.Draw(run, request.Clock.GetUtcNow())),
            Show.Live("stages", StageTable.Of(request, run)),
            HtmlPage.Section("Log", new Element("pre") { ("class", "log"), ("data-log", ""), ("tabindex", "0"), ("aria-label", "Log"), log.Tail() }),
            Settings(run))
        {
            Events = run.State == RunState.Running ? RunEvents.Of(run.Run) : null,
        };
    }

    static Element Facts(PageRequest request, RunRecord run) => Show.Line(
        "lead",
        Show.State(run.State),
        Show.Words(run.Selection),
        $"started {Phrase.Time(run.Started)}, {Show.Ago(request.Clock.GetUtcNow(), run.Started)}",
        run.Finished is { } end ? $"took {Phrase.Duration(end - run.Started)}" : (Markup?)null,
        run.Exit is { } exit && exit != ExitCode.Ok ? $"exit code {(int)exit}" : (Markup?)null);

    static IEnumerable<Markup> Trouble(PageRequest request, RunRecord run)
    {
        foreach (var failed in run.Stages.Where(stage => stage.State == RunState.Failed))
        {
            yield return new Element("div")
            {
                ("class", "notice trouble"),
                new Element("p") { failed.Message ?? $"{failed.Stage} failed and did not say why. The log below may." },
                StageTable.Rerun(request, run, failed.Stage),
            };
        }

        if (run.State is RunState.Crashed or RunState.Cancelled)
        {
            yield return new Element("p")
            {
                ("class", "notice"),
                run.State == RunState.Crashed
                    ? "Its process ended without a word: it was killed, or the machine stopped. Resume goes on from the last checkpoint."
                    : $"It was stopped{(run.IsTransient ? ", for its server stopped" : "")}. Resume goes on from the last checkpoint.",
            };
        }
    }

    static Element Actions(PageRequest request, RunRecord run)
    {
        var actions = new Element("div") { ("class", "actions") };
        if (run.State == RunState.Running)
        {
            actions.Add(request.Button($"{Show.RunAddress(run.Run)}/cancel", CancelRunAction.Label(run)));
        }
        else if (run.State != RunState.Succeeded)
        {
            actions.Add(request.Button($"{Show.RunAddress(run.Run)}/resume", "Resume"));
        }

        if (Previous(request, run) is { } before)
        {
            actions.Add(Show.Link(Address.Compare(before.Run, run.Run), "Compare with the run before"));
        }

        foreach (var dataset in run.Datasets.Where(dataset => request.Session.Datasets.Any(each => each.Name == dataset)))
        {
            if (Address.Report(request.Root, dataset) is { } report)
            {
                actions.Add(Show.Link(report, $"Report of {dataset}"));
            }

            actions.Add(Show.Link(Address.Grid(dataset), $"Nights of {dataset}"));
        }

        return actions;
    }

    /// <summary>The last run of the same selection that ended before this one began.</summary>
    static RunHeadline? Previous(PageRequest request, RunRecord run) => request.Ledger.Runs()
        .LastOrDefault(other => other.Finished <= run.Started && other.Run != run.Run && other.Selection.SequenceEqual(run.Selection) && other.Datasets.SequenceEqual(run.Datasets));

    static Element Settings(RunRecord run)
    {
        var rows = run.Settings.Select(setting => (IReadOnlyList<string>)[setting.Split('=')[0], setting[(setting.IndexOf('=') + 1)..]]);
        return new Element("details")
        {
            new Element("summary") { "Settings and command line" },
            new Element("p") { $"Process {run.Pid} on {run.Host}, version {run.ToolVersion}. The same from a terminal:" },
            new Element("pre") { ("class", "log"), ("tabindex", "0"), ("aria-label", "Command line"), string.Join(' ', run.Arguments) },
            run.Settings.Count > 0
                ? HtmlPage.Table("What was set beside the configuration file.", ["option", "value"], rows)
                : HtmlPage.Paragraph("Nothing was set beside the configuration file."),
        };
    }
}
