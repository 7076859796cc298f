using Pipeline.Host.Dashboard.Live;
using Pipeline.Host.Schedule;
using Pipeline.Host.Terminal;
using Pipeline.Scoring.Report;

namespace Pipeline.Host.Dashboard.Pages;

/// <summary>The schedules of pipeline.json: what runs when, how it went last, the next five fires in local time and UTC, and the switches.</summary>
sealed class SchedulesPage : IPage
{
    const int NextFires = 5;

    public string Path => "/schedules";

    public PageContent Render(PageRequest request)
    {
        var schedules = ScheduleStatus.Of(request.Schedules, request.Ledger);
        return new PageContent("Schedules", Show.Live("schedules", schedules.Count == 0 ? [None()] : schedules.Select(schedule => (Markup)Section(request, schedule)))) { Events = RunEvents.All };
    }

    static Element None() => HtmlPage.Paragraph(
        $"There is no schedule. Declare one in 'schedules' of {LoadedConfiguration.FileName}, as \"nightly\": {{ \"cron\": \"30 2 * * *\", \"timeZone\": \"Europe/Berlin\" }}, and start the server again.");

    static Element Section(PageRequest request, ScheduleStatus schedule)
    {
        var (name, options) = (schedule.Entry.Name, schedule.Entry.Options);
        return HtmlPage.Section(
            name,
            new Element("p")
            {
                schedule.IsPaused ? Show.State("paused") : Show.State("scheduled"),
                $" {options.Cron} in {options.TimeZone}: {Show.Words(schedule.Selection)}{(options.Set.Count == 0 ? "" : $" with {string.Join(", ", options.Set)}")}.",
            },
            new Element("p") { Last(schedule) },
            new Element("div") { Trouble(request, name) },
            Actions(request, schedule),
            Fires(schedule));
    }

    /// <summary>A schedule that cannot go on says so, though its next fires look as ever.</summary>
    public static IEnumerable<Markup> Trouble(PageRequest request, string schedule) => request.Scheduler.TroubleOf(schedule) is { } trouble
        ? [new Element("p") { ("class", "notice"), $"Schedule {schedule} cannot go on: {trouble.TrimEnd().TrimEnd('.')}. Mend the cause (pipeline doctor); it is tried again every 30 s, and what was due is then caught up." }]
        : [];

    static IEnumerable<Markup> Last(ScheduleStatus schedule) => schedule.State.LastRun is { } run
        ? ["Last run: ", Show.State(run.State), " ", Show.Run(run.Run), run.Due is { } due ? $", due {Phrase.Time(due)}." : ", triggered by hand."]
        : ["It never ran."];

    static Element Actions(PageRequest request, ScheduleStatus schedule)
    {
        var address = $"/schedules/{Uri.EscapeDataString(schedule.Entry.Name)}";
        return new Element("div")
        {
            ("class", "actions"),
            request.Button($"{address}/trigger", "Run now"),
            schedule.IsPaused ? request.Button($"{address}/resume", "Resume") : request.Button($"{address}/pause", "Pause"),
        };
    }

    static Element Fires(ScheduleStatus schedule)
    {
        var next = schedule.Next is { } first ? schedule.Entry.Times.After(first.AddTicks(-1)).Take(NextFires) : [];
        return Show.Table(
            schedule.IsPaused ? "These fires would come next; while it is paused they get no run." : "The next fires.",
            ["local time", "UTC"],
            next.Select(due => (IReadOnlyList<Markup>)[Show.Local(due), Show.When(due)]));
    }
}
