using Pipeline.Scoring.Report;

namespace Pipeline.Host.Dashboard;

/// <summary>The dataset that a page is about, named in its address, and links to the same page about the others.</summary>
static class DatasetChoice
{
    /// <summary>The named one; without a name the one that ran last, or the first.</summary>
    /// <exception cref="Pipeline.Stages.PipelineException">There is none of that name (Usage).</exception>
    public static IDatasetPipeline Of(PageRequest request) =>
        request.Query("dataset") is { } name ? request.Session.Dataset(name)
        : request.Ledger.Runs().Reverse().SelectMany(run => run.Datasets).Select(ran => request.Session.Datasets.FirstOrDefault(each => each.Name == ran)).OfType<IDatasetPipeline>().FirstOrDefault()
            ?? request.Session.Datasets[0];

    /// <param name="address">Of the page about a dataset.</param>
    public static Element Links(PageRequest request, IDatasetPipeline chosen, Func<string, string> address)
    {
        var links = new Element("nav") { ("class", "tabs"), ("aria-label", "Datasets") };
        foreach (var dataset in request.Session.Datasets)
        {
            var link = Show.Link(address(dataset.Name), dataset.Name);
            if (dataset.Name == chosen.Name)
            {
                link.Add(("aria-current", "page"));
            }

            links.Add(link);
        }

        return links;
    }

    public static Element NeverRan(PageRequest request, IDatasetPipeline dataset) => new("div")
    {
        ("class", "actions"),
        new Element("p") { $"{dataset.Name} never ran." },
        request.Button("/runs", "Run it now", [("selection", dataset.Name)]),
    };
}
