using Pipeline.Host.Commands;
using Pipeline.Host.Terminal;
using Pipeline.Scoring.Report;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard;

/// <summary>The small pieces that many pages have.</summary>
static class Show
{
    public static Element Link(string address, string text) => new("a") { ("href", address), text };

    /// <summary>A link to a run's page.</summary>
    public static Element Run(string run) => Link(RunAddress(run), run);

    public static string RunAddress(string run) => $"/runs/{Uri.EscapeDataString(run)}";

    /// <summary>A state as word, colour and sign, so that nobody needs the colour.</summary>
    /// <param name="word">"succeeded", "failed", "crashed", "cancelled", "running", "skipped", "fresh", "stale".</param>
    public static Element State(string word) => new("span") { ("class", $"state {word}"), word };

    public static Element State(RunState state) => State(RunsCommand.Word(state));

    public static Element State(StageRecord stage) => stage.IsSkipped ? State("skipped") : State(stage.State);

    public static string Words(IReadOnlyList<string> selection) => selection.Count == 0 ? "(default)" : string.Join(' ', selection);

    /// <summary>An instant that no line break parts.</summary>
    public static Element When(DateTimeOffset time) => new("time") { ("datetime", $"{time.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}"), Phrase.Time(time) };

    /// <summary>The same by the clocks of its zone, with the zone's offset.</summary>
    public static Element Local(DateTimeOffset time) => new("time") { ("datetime", $"{time:yyyy-MM-ddTHH:mm:sszzz}"), Phrase.Local(time) };

    public static string Took(DateTimeOffset started, DateTimeOffset? finished) => finished is { } end ? Phrase.Duration(end - started) : "";

    /// <summary>A state as its sign alone, in a link; the words are for who points at it and for who cannot see it.</summary>
    /// <param name="word">As of <see cref="State(string)"/>.</param>
    public static Element Sign(string word, string address, string words) => new("a") { ("class", $"sign {word}"), ("href", address), ("title", words), ("aria-label", words) };

    /// <summary>"just now", "40 min ago", "6 h ago", "3 days ago".</summary>
    public static string Ago(DateTimeOffset now, DateTimeOffset time) => (now - time) switch
    {
        { TotalSeconds: < 60 } => "just now",
        { TotalMinutes: < 60 } ago => $"{(int)ago.TotalMinutes} min ago",
        { TotalHours: < 48 } ago => $"{(int)ago.TotalHours} h ago",
        var ago => $"{(int)ago.TotalDays} days ago",
    };

    /// <summary>Parts of a sentence beside each other, without those that are not there.</summary>
    public static Element Line(string kind, params IEnumerable<Markup?> parts)
    {
        var line = new Element("p") { ("class", kind) };
        foreach (var (part, i) in parts.OfType<Markup>().Select((part, i) => (part, i)))
        {
            line.Add(i == 0 ? "" : " \u00b7 ");
            line.Add(part);
        }

        return line;
    }

    /// <summary>A part of a page with a heading, which links lead to.</summary>
    /// <param name="id">Unique on the page.</param>
    public static Element Section(string id, string title, params IEnumerable<Markup> content)
    {
        var section = HtmlPage.Section(title, content);
        section.Add(("id", id));
        return section;
    }

    /// <summary>A part that the script fetches anew when something happened.</summary>
    /// <param name="name">Of the part, within its page.</param>
    public static Element Live(string name, params IEnumerable<Markup> content) => new("div") { ("data-live", name), content };

    /// <summary>A table whose cells are any markup; the first cell of a row is its heading. Wider than the page, it scrolls on its own.</summary>
    /// <param name="headers">A column of numbers is one whose header ends in a space.</param>
    public static Element Table(string caption, IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<Markup>> rows)
    {
        var table = new Element("table")
        {
            new Element("caption") { caption },
            new Element("thead") { new Element("tr") { headers.Select(header => Cell("th", header, header.TrimEnd(), "col")) } },
            new Element("tbody") { rows.Select(row => (Markup)new Element("tr") { row.Select((cell, i) => Cell(i == 0 ? "th" : "td", headers[i], cell, i == 0 ? "row" : null)) }) },
        };
        return new Element("div") { ("class", "scroll"), table };
    }

    static Markup Cell(string name, string header, Markup content, string? scope)
    {
        var cell = new Element(name);
        if (scope is not null)
        {
            cell.Add(("scope", scope));
        }

        if (header.EndsWith(' '))
        {
            cell.Add(("class", "number"));
        }

        cell.Add(content);
        return cell;
    }
}
