using Pipeline.Host.Dashboard.Live;
using Pipeline.Host.Dashboard.Runs;
using Pipeline.Host.Terminal;
using Pipeline.Scoring.Report;

namespace Pipeline.Host.Dashboard.Pages;

/// <summary>All runs, the newest first, by page, filtered by state, dataset, day and words; and a form that starts one.</summary>
sealed class RunsPage : IPage
{
    const int PerPage = 50;

    public string Path => "/runs";

    public PageContent Render(PageRequest request)
    {
        var filter = RunFilter.Of(request);
        var all = request.Ledger.Runs();
        var found = all.Reverse().Where(filter.Fits).ToList();
        var count = Math.Max(1, (found.Count + PerPage - 1) / PerPage);
        var page = Math.Clamp(request.Query("page", 1), 1, count);
        var rows = found.Skip((page - 1) * PerPage).Take(PerPage);
        var caption = found.Count == all.Count ? Numbers.Of(all.Count, "run") : $"{Phrase.Count(found.Count)} of {Numbers.Of(all.Count, "run")}";
        return new PageContent(
            "Runs",
            StartForm(request),
            filter.Form(request),
            Show.Live("runs", Show.Table(
                $"{caption}, the newest first{(count > 1 ? $", page {page} of {count}" : "")}.",
                ["run", "state", "started", "time ", "selection", "what failed"],
                rows.Select(run => (IReadOnlyList<Markup>)
                [
                    Show.Run(run.Run), Show.State(run.State), Show.When(run.Started), Show.Took(run.Started, run.Finished), Show.Words(run.Selection),
                    new Element("span") { ("class", "why"), run.Message ?? "" },
                ]))),
            Pages(filter, page, count))
        { Events = page == 1 ? RunEvents.All : null };
    }

    static Element StartForm(PageRequest request)
    {
        var form = request.Form("/runs", new Element("label") { "Run (a selection such as spotify/train+; nothing means the default)", new Element("input") { ("name", "selection"), ("size", 40), ("spellcheck", "false") } });
        form.Add(("class", "wide"));
        form.Add(new Element("button") { ("type", "submit"), "Start" });
        return form;
    }

    /// <summary>The first, the last, and those around the present one.</summary>
    static Element Pages(RunFilter filter, int page, int count)
    {
        var links = new Element("nav") { ("class", "pages"), ("aria-label", "Pages of runs") };
        if (count == 1)
        {
            return links;
        }

        var before = 0;
        foreach (var number in Enumerable.Range(1, count).Where(number => number == 1 || number == count || Math.Abs(number - page) <= 2))
        {
            if (number > before + 1)
            {
                links.Add(new Element("span") { "…" });
            }

            var link = Show.Link(filter.AddressOf(number), $"{number}");
            link.Add(("aria-label", $"Page {number}"));
            if (number == page)
            {
                link.Add(("aria-current", "page"));
            }

            links.Add(link);
            before = number;
        }

        return links;
    }
}
