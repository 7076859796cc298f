using Pipeline.Host.Dashboard.Live;
using Pipeline.Host.Terminal;
using Pipeline.Scoring.Report;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Pages;

/// <summary>How things stand: each dataset's last run, what runs now, what could not start.</summary>
sealed class OverviewPage : IPage
{
    const int Latest = 10;

    public string Path => "/";

    public PageContent Render(PageRequest request)
    {
        var runs = request.Ledger.Runs();
        return new PageContent(
            "Overview",
            Show.Live("datasets", new Element("div") { ("class", "cards"), request.Session.Datasets.Select(dataset => (Markup)Card(request, dataset.Name, runs)) }),
            Show.Live("latest", Show.Table(
                "The latest runs.",
                ["run", "state", "started", "time ", "selection"],
                runs.TakeLast(Latest).Reverse().Select(run => (IReadOnlyList<Markup>)
                    [Show.Run(run.Run), Show.State(run.State), Phrase.Time(run.Started), Show.Took(run.Started, run.Finished), Show.Words(run.Selection)]))),
            Show.Live("failed", FailedStarts(request)))
        { Events = RunEvents.All };
    }

    static Element Card(PageRequest request, string dataset, IReadOnlyList<RunHeadline> runs)
    {
        var card = new Element("section") { ("class", "card"), new Element("h2") { dataset } };
        card.Add(runs.LastOrDefault(run => run.Datasets.Contains(dataset)) is { } last
            ? new Element("p") { Show.State(last.State), " ", Show.Run(last.Run) }
            : new Element("p") { "Never ran." });
        card.Add(request.Button("/runs", "Run now", [("selection", dataset)]));
        return card;
    }

    static IEnumerable<Markup> FailedStarts(PageRequest request) => request.Launcher.FailedStarts is { Count: > 0 } failed
        ? [HtmlPage.Section("Could not start", Show.Table("Since this server started.", ["when", "selection", "exit ", "what it said"], failed.Reverse().Select(start => (IReadOnlyList<Markup>)
            [Phrase.Time(start.Time), Show.Words(start.Order.Selection), $"{(int)start.Exit}", start.Message])))]
        : [];
}
