using System.Text;

namespace Pipeline.Scoring.Report;

/// <summary>One self-contained page: no scripts, nothing fetched from outside, no times, so that the same results give the same bytes.</summary>
static class HtmlPage
{
    /// <param name="body">Children of the body element, in order.</param>
    public static string Write(string title, IEnumerable<Markup> body)
    {
        var html = new Element("html")
        {
            ("lang", "en"),
            new Element("head")
            {
                new Element("meta") { ("charset", "utf-8") },
                new Element("meta") { ("name", "viewport"), ("content", "width=device-width, initial-scale=1") },
                // A browser then runs and fetches nothing, even if a name slipped through the encoder.
                new Element("meta") { ("http-equiv", "Content-Security-Policy"), ("content", "default-src 'none'; style-src 'unsafe-inline'") },
                new Element("meta") { ("name", "color-scheme"), ("content", "light dark") },
                new Element("title") { title },
                new Element("style") { new Verbatim(Style.Sheet) },
            },
            new Element("body") { body },
        };
        var page = new StringBuilder("<!DOCTYPE html>\n");
        html.WriteTo(page);
        return page.Append('\n').ToString();
    }

    public static Element Paragraph(string text) => new("p") { text };

    /// <summary>A part of the page with a heading.</summary>
    public static Element Section(string title, params IEnumerable<Markup> content) => new("section") { new Element("h2") { title }, content };

    /// <summary>A table with a caption; the first cell of a row is its heading. Wider than the page, it scrolls on its own.</summary>
    /// <param name="numbers">True if all cells but the first are numbers.</param>
    public static Element Table(string caption, IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows, bool numbers = false)
    {
        var head = new Element("tr") { header.Select((title, i) => Cell("th", "col", title, numbers && i > 0)) };
        var body = new Element("tbody")
        {
            rows.Select(row => (Markup)new Element("tr") { row.Select((text, i) => Cell(i == 0 ? "th" : "td", i == 0 ? "row" : null, text, numbers && i > 0)) }),
        };
        var table = new Element("table") { new Element("caption") { caption }, new Element("thead") { head }, body };
        return new Element("div") { ("class", "scroll"), table };
    }

    static Markup Cell(string name, string? scope, string text, bool isNumber)
    {
        var cell = new Element(name);
        if (scope is not null)
        {
            cell.Add(("scope", scope));
        }

        if (isNumber)
        {
            cell.Add(("class", "number"));
        }

        cell.Add(text);
        return cell;
    }
}
