using Pipeline.Host.Commands;
using Pipeline.Host.Dashboard.Live;
using Pipeline.Host.Dashboard.Workers;
using Pipeline.Host.Terminal;
using Pipeline.Scoring.Report;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Pages;

/// <summary>Who works on this data root now: a row per process.</summary>
sealed class WorkersPage : IPage
{
    static readonly IReadOnlyList<IWorkerSource> Sources = [new LockWorkers(), new ChildWorkers()];

    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    public string Path => "/workers";

    public PageContent Render(PageRequest request)
    {
        var processes = Sources.SelectMany(source => source.Workers(request)).GroupBy(worker => (worker.Host, worker.Pid)).OrderBy(each => each.Min(worker => worker.Since)).ToList();
        return new PageContent("Workers", Show.Live("workers", processes.Count == 0
            ? new Element("p") { "No process works on this data root now." }
            : Show.Table(
                $"At work now: {Phrase.Count(processes.Count)}.",
                ["process", "machine", "run", "works on", "since", "known from", "command"],
                processes.Select(each => Row(request, [.. each])))), Show.Live("store", OfStore(request)))
        { Events = RunEvents.All };
    }

    /// <summary>Processes on other machines, which take units of runs from the store.</summary>
    static IEnumerable<Markup> OfStore(PageRequest request)
    {
        if (request.StoreWorkers is not { } store)
        {
            return [];
        }

        try
        {
            return store.Get(Patience) is { } workers
                ? [HtmlPage.Section("Workers of the store", Show.Table("Who takes units of runs, by name.", WorkersCommand.Columns, workers.Select(worker => WorkersCommand.Row(worker).Select(cell => (Markup)cell).ToList())))]
                : [new Element("p") { ("class", "notice"), "The store has not answered yet." }];
        }
        catch (PipelineException error)
        {
            return [new Element("p") { ("class", "notice"), error.Message }];
        }
    }

    static IReadOnlyList<Markup> Row(PageRequest request, IReadOnlyList<Worker> known)
    {
        var (first, run) = (known[0], known.Select(worker => worker.Run).FirstOrDefault(run => run is not null));
        var since = known.Min(worker => worker.Since);
        return
        [
            first.Pid > 0 ? $"{first.Pid}" : "unknown",
            first.Host,
            run is null ? "starting" : Show.Run(run),
            string.Join(", ", known.Select(worker => worker.What).Distinct(StringComparer.Ordinal)),
            since == default ? "" : $"{Phrase.Time(since)}, {Phrase.Duration(request.Clock.GetUtcNow() - since)} ago",
            string.Join(", ", known.Select(worker => worker.Source).Distinct(StringComparer.Ordinal)),
            new Element("code") { first.Command },
        ];
    }
}
