using Pipeline.Host.Dashboard.Actions;
using Pipeline.Host.Dashboard.Live;
using Pipeline.Host.Dashboard.Runs;
using Pipeline.Host.Health;
using Pipeline.Host.Schedule;
using Pipeline.Host.Serving;
using Pipeline.Host.Terminal;
using Pipeline.Scoring.Report;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Pages;

/// <summary>What an operator asks first in the morning: did the night succeed, what failed, what runs now, is there room on the disk.</summary>
sealed class OverviewPage : IPage
{
    const int Latest = 10;

    public string Path => "/";

    public PageContent Render(PageRequest request)
    {
        var runs = request.Ledger.Runs();
        var lastOf = request.Session.Datasets.Select(dataset => (dataset.Name, Run: runs.LastOrDefault(run => run.Datasets.Contains(dataset.Name)))).ToList();
        var plans = request.Plans.Of([.. lastOf.Where(dataset => dataset.Run is not null).Select(dataset => dataset.Name)]);
        var records = lastOf.Select(dataset => dataset.Run?.Run).OfType<string>().Distinct(StringComparer.Ordinal).ToDictionary(run => run, request.Ledger.Find, StringComparer.Ordinal);
        List<DatasetOutlook> outlooks =
        [
            .. lastOf.Where(dataset => dataset.Run is not null && records[dataset.Run.Run] is not null)
                .Select(dataset => DatasetOutlook.Of(dataset.Name, records[dataset.Run!.Run]!, plans[dataset.Name])),
        ];
        var disk = request.Disk.Get(request.Plans.Patience);
        return new PageContent(
            "Overview",
            Show.Live("verdict", [Verdict(outlooks), .. Room(request)]),
            Show.Live("configuration", Outdated(request.Session.Configuration)),
            Show.Live("failed", [.. request.Schedules.Entries.SelectMany(entry => SchedulesPage.Trouble(request, entry.Name)), .. FailedStarts(request)]),
            Show.Live("now", Now(request, runs)),
            Show.Live("datasets", Datasets(request, outlooks, runs, disk)),
            Show.Live("next", Next(request)),
            Show.Live("latest", LatestRuns(runs)),
            Show.Live("disk", disk is null ? [] : DiskSection(disk)))
        { Events = RunEvents.All };
    }

    static Element Verdict(IReadOnlyList<DatasetOutlook> outlooks)
    {
        var bad = outlooks.Where(outlook => outlook.State is RunState.Failed or RunState.Crashed).ToList();
        var good = outlooks.Count(outlook => outlook.State == RunState.Succeeded);
        return outlooks.Count == 0 ? new Element("p") { ("class", "lead"), "Nothing ran yet in this data root. Choose a dataset: its first run begins at once, on generated files where none are configured." }
            : bad.Count > 0 ? new Element("p") { ("class", "notice verdict"), $"{string.Join(", ", bad.Select(outlook => outlook.Dataset))}: the last run failed.{(good > 0 ? $" {good} of {outlooks.Count} datasets succeeded." : "")}" }
            : new Element("p") { ("class", "good verdict"), good == outlooks.Count ? $"The last run of every dataset succeeded ({good} of {good})." : $"Nothing failed: {good} of {outlooks.Count} datasets succeeded; the others run or were cancelled." };
    }

    /// <summary>As `doctor` says it, before a night fails for it.</summary>
    static IEnumerable<Markup> Room(PageRequest request) => MachineChecks.Space(request.Root.Path) is { Verdict: not Health.Verdict.Ok } check
        ? [new Element("p") { ("class", "notice"), $"Only {check.Found} on the disk of the data. {check.Advice}" }]
        : [];

    /// <summary>Runs are processes of their own and read the file anew; this one does not.</summary>
    static IEnumerable<Markup> Outdated(LoadedConfiguration configuration) => configuration.IsOutdated
        ? [new Element("p") { ("class", "notice"), $"{System.IO.Path.GetFileName(configuration.File)} has changed since this server started. Runs use it as it is now; schedules and these pages change when the server is started again." }]
        : [];

    static IEnumerable<Markup> FailedStarts(PageRequest request) => request.Launcher.FailedStarts is { Count: > 0 } failed
        ? [HtmlPage.Section("Could not start", Show.Table("Since this server started, the latest first.", ["when", "asked for", "exit ", "what it said"], failed.Reverse().Select(start => (IReadOnlyList<Markup>)
            [Show.When(start.Time), Asked(start.Order), $"{(int)start.Exit}", start.Message])))]
        : [];

    static string Asked(RunOrder order) =>
        order.Fire is { } fire ? $"schedule {fire.Schedule}" : order.Resumes is { } run ? $"resume {run}" : Show.Words(order.Selection);

    static IEnumerable<Markup> Now(PageRequest request, IReadOnlyList<RunHeadline> runs)
    {
        var running = runs.Where(run => run.State == RunState.Running).Select(run => request.Ledger.Find(run.Run)).OfType<RunRecord>().ToList();
        return running.Count == 0 ? [] : [HtmlPage.Section("Running now", running.Select(run => (Markup)new Element("div")
        {
            ("class", "card running"),
            Show.Line("", Show.Run(run.Run), Show.Words(run.Selection), $"started {Show.Ago(request.Clock.GetUtcNow(), run.Started)}", $"{run.Stages.Count(stage => stage.State != RunState.Running)} stages done"),
            StageBar.List(request.Root, run),
            request.Button($"{Show.RunAddress(run.Run)}/cancel", CancelRunAction.Label(run)),
        }))];
    }

    static IEnumerable<Markup> Datasets(PageRequest request, IReadOnlyList<DatasetOutlook> outlooks, IReadOnlyList<RunHeadline> runs, DiskUse? disk)
    {
        var sizes = disk?.Datasets.ToDictionary(each => each.Dataset, each => each.Bytes, StringComparer.Ordinal) ?? [];
        if (outlooks.Count > 0)
        {
            yield return new Element("div")
            {
                ("class", "cards"),
                outlooks.Select(outlook => (Markup)DatasetCard.Of(request, outlook, runs, sizes.TryGetValue(outlook.Dataset, out var bytes) ? bytes : null)),
            };
        }

        var never = request.Session.Datasets.Where(dataset => outlooks.All(outlook => outlook.Dataset != dataset.Name)).ToList();
        if (never.Count > 0)
        {
            yield return new Element("div")
            {
                ("class", "never"),
                new Element("span") { "Never ran:" },
                never.Select(dataset => (Markup)request.Form(
                    "/runs", new Element("button") { ("type", "submit"), ("aria-label", $"Run {dataset.Name} for the first time"), dataset.Name }, [("selection", dataset.Name)])),
            };
        }
    }

    /// <summary>What comes next by itself.</summary>
    static IEnumerable<Markup> Next(PageRequest request) => ScheduleStatus.Of(request.Schedules, request.Ledger) is { Count: > 0 } schedules
        ?
        [
            HtmlPage.Section("Next", Show.Table(
                "The next fire of each schedule.",
                ["schedule", "local time", "UTC", "selection"],
                schedules.OrderBy(schedule => schedule.Next).Select(schedule => (IReadOnlyList<Markup>)
                [
                    Show.Link("/schedules", schedule.Entry.Name),
                    schedule.IsPaused ? Show.State("paused") : schedule.Next is { } next ? Show.Local(next) : "never",
                    !schedule.IsPaused && schedule.Next is { } due ? Show.When(due) : "",
                    Show.Words(schedule.Selection),
                ]))),
        ]
        : [];

    static Element LatestRuns(IReadOnlyList<RunHeadline> runs) => HtmlPage.Section("Latest runs", runs.Count == 0
        ? HtmlPage.Paragraph("None yet.")
        : Show.Table(
            $"The latest {Math.Min(Latest, runs.Count)} of {Numbers.Of(runs.Count, "run")}.",
            ["run", "state", "started", "time ", "selection"],
            runs.TakeLast(Latest).Reverse().Select(run => (IReadOnlyList<Markup>)
                [Show.Run(run.Run), Show.State(run.State), Show.When(run.Started), Show.Took(run.Started, run.Finished), Show.Words(run.Selection)])));

    static IEnumerable<Markup> DiskSection(DiskUse disk) =>
    [
        HtmlPage.Section(
            "Disk",
            new Element("p")
            {
                new Element("progress") { ("max", $"{disk.Total}"), ("value", $"{disk.Total - disk.Free}"), ("aria-label", "Used part of the disk") },
                $" {Phrase.Bytes(disk.Free)} free of {Phrase.Bytes(disk.Total)}. To make room: pipeline prune",
            },
            disk.Datasets.Count == 0 ? "" : Show.Table("Size by dataset, all generations together.", ["dataset", "size "], disk.Datasets.Select(each => (IReadOnlyList<Markup>)
                [Show.Link($"/artifacts?dataset={Uri.EscapeDataString(each.Dataset)}", each.Dataset), Phrase.Bytes(each.Bytes)]))),
    ];
}
