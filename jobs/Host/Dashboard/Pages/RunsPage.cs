using Pipeline.Host.Commands;
using Pipeline.Host.Dashboard.Live;
using Pipeline.Host.Terminal;
using Pipeline.Scoring.Report;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Pages;

/// <summary>All runs, the newest first, by page, filtered by state and dataset; and a form that starts one.</summary>
sealed class RunsPage : IPage
{
    const int PerPage = 50;

    public string Path => "/runs";

    public PageContent Render(PageRequest request)
    {
        var (state, dataset, page) = (request.Query("state"), request.Query("dataset"), Math.Max(1, request.Query("page", 1)));
        var found = request.Ledger.Runs().Reverse()
            .Where(run => (state is null || RunsCommand.Word(run.State) == state) && (dataset is null || run.Datasets.Contains(dataset))).ToList();
        var rows = found.Skip((page - 1) * PerPage).Take(PerPage);
        return new PageContent(
            "Runs",
            StartForm(request),
            FilterForm(request, state, dataset),
            Show.Live("runs", Show.Table(
                $"{Phrase.Count(found.Count)} runs, the newest first.",
                ["run", "state", "started", "time ", "selection", "what failed"],
                rows.Select(run => (IReadOnlyList<Markup>)
                [
                    Show.Run(run.Run), Show.State(run.State), Phrase.Time(run.Started), Show.Took(run.Started, run.Finished), Show.Words(run.Selection), run.Message ?? "",
                ]))),
            Pages(state, dataset, page, (found.Count + PerPage - 1) / PerPage))
        { Events = RunEvents.All };
    }

    static Element StartForm(PageRequest request)
    {
        var form = request.Form("/runs", new Element("label") { "Run (a selection such as spotify/train+; nothing means the default)", new Element("input") { ("name", "selection"), ("size", 40), ("spellcheck", "false") } });
        form.Add(("class", "wide"));
        form.Add(new Element("button") { ("type", "submit"), "Start" });
        return form;
    }

    static Element FilterForm(PageRequest request, string? state, string? dataset) => new("form")
    {
        ("method", "get"),
        ("action", "/runs"),
        ("class", "wide"),
        Choice("state", "State", Enum.GetValues<RunState>().Select(RunsCommand.Word), state),
        Choice("dataset", "Dataset", request.Session.Datasets.Select(each => each.Name), dataset),
        new Element("button") { ("type", "submit"), "Filter" },
    };

    static Element Choice(string name, string label, IEnumerable<string> values, string? chosen)
    {
        var select = new Element("select") { ("name", name), new Element("option") { ("value", ""), "any" } };
        foreach (var value in values)
        {
            var option = new Element("option") { ("value", value), value };
            if (value == chosen)
            {
                option.Add(("selected", ""));
            }

            select.Add(option);
        }

        return new Element("label") { label, select };
    }

    static Element Pages(string? state, string? dataset, int page, int count)
    {
        var links = new Element("nav") { ("class", "pages"), ("aria-label", "Pages of runs") };
        var filter = $"{(state is null ? "" : $"&state={Uri.EscapeDataString(state)}")}{(dataset is null ? "" : $"&dataset={Uri.EscapeDataString(dataset)}")}";
        if (page > 1)
        {
            links.Add(Show.Link($"/runs?page={page - 1}{filter}", "Newer"));
        }

        if (page < count)
        {
            links.Add(Show.Link($"/runs?page={page + 1}{filter}", "Older"));
        }

        return links;
    }
}
