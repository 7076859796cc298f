using System.Text;
using Pipeline.Host.Terminal;
using Pipeline.Scoring.Report;

namespace Pipeline.Host.Dashboard;

/// <summary>What surrounds every page: head, navigation, heading, footer.</summary>
static class PageShell
{
    /// <param name="path">Of the request, to mark where the reader is.</param>
    public static string Write(PageContent page, string path, DashboardData data)
    {
        var html = new Element("html") { ("lang", "en"), Head(page), Body(page, path, data) };
        var text = new StringBuilder("<!DOCTYPE html>\n");
        html.WriteTo(text);
        return text.ToString();
    }

    static Element Head(PageContent page) => new("head")
    {
        new Element("meta") { ("charset", "utf-8") },
        new Element("meta") { ("name", "viewport"), ("content", "width=device-width, initial-scale=1") },
        new Element("meta") { ("name", "color-scheme"), ("content", "light dark") },
        new Element("title") { $"{page.Title} - Pipeline" },
        new Element("link") { ("rel", "stylesheet"), ("href", DashboardAssets.Sheet) },
        new Element("link") { ("rel", "icon"), ("href", DashboardAssets.Icon) },
        new Element("script") { ("src", DashboardAssets.Script), ("defer", "") },
    };

    static Element Body(PageContent page, string path, DashboardData data)
    {
        var main = new Element("main") { ("id", "main"), new Element("h1") { page.Title } };
        if (page.Events is { } events)
        {
            main.Add(("data-events", events));
        }

        main.Add(page.Body);
        return new Element("body")
        {
            new Element("a") { ("class", "skip"), ("href", "#main"), "Skip to the content" },
            new Element("header") { new Element("a") { ("class", "brand"), ("href", "/"), "Pipeline" }, Navigation(path) },
            main,
            new Element("footer") { new Element("p") { $"Data in {data.Session.Data.Path}. Page made {Phrase.Time(data.Session.Clock.GetUtcNow())}." } },
        };
    }

    static Element Navigation(string path) => new("nav")
    {
        ("aria-label", "Pages"),
        AllPages.Navigation.Select(entry => (Markup)Entry(entry.Address, entry.Name, entry.Address == "/" ? path == "/" : path.StartsWith(entry.Address, StringComparison.Ordinal))),
    };

    static Element Entry(string address, string name, bool isHere)
    {
        var link = new Element("a") { ("href", address), name };
        if (isHere)
        {
            link.Add(("aria-current", "page"));
        }

        return link;
    }
}
