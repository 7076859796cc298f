using System.Text.RegularExpressions;
using Pipeline.Host.Dashboard;
using Pipeline.Stages;

namespace Pipeline.Unit.Host.Dashboard;

/// <summary>Whatever a name, a message, a log line or an address says, it stays text.</summary>
public partial class HostileTextTests
{
    static readonly string[] Elements =
    [
        "!doctype", "html", "head", "meta", "title", "link", "script", "body", "a", "header", "nav", "main", "h1", "h2", "h3", "section", "div", "p", "span", "form", "label", "input",
        "button", "select", "option", "table", "caption", "thead", "tbody", "tr", "th", "td", "pre", "code", "progress", "footer", "ul", "ol", "li", "dl", "dt", "dd", "time", "details",
        "summary", "svg", "g", "path", "line", "rect", "circle", "text", "polyline", "polygon", "figure", "figcaption", "i", "strong", "em", "small", "br", "hr", "fieldset", "legend", "textarea", "abbr", "desc", "use", "defs", "marker", "tspan",
    ];

    [Fact]
    public async Task Hostile_text_of_the_ledger_the_log_and_the_address_makes_no_element_and_no_attribute()
    {
        await using var dashboard = await DashboardFixture.StartAsync();
        var names = Write(dashboard);
        using var client = dashboard.Client();
        var count = 0;
        foreach (var path in AllPages.List.SelectMany(page => Addresses(page.Path, names)).Distinct())
        {
            using var answer = await client.GetAsync(path);
            Check(path, await answer.Content.ReadAsStringAsync());
            Assert.True((int)answer.StatusCode < 500, $"{path} {answer.StatusCode}");
            count++;
        }

        // Each text is in the ledger's list, in its own run's page and in addresses.
        Assert.True(count > 3 * HostileTexts.All.Count, $"{count} pages");
        Assert.Equal(50, HostileTexts.All.Count);
    }

    [Fact]
    public async Task What_a_child_that_could_not_start_says_stays_text()
    {
        await using var dashboard = await DashboardFixture.StartAsync();
        using var client = dashboard.Client();
        foreach (var text in HostileTexts.All.Where(text => !text.StartsWith('-')).Take(3))
        {
            using var answer = await client.PostAsync("/runs", ("selection", text));
            Check(text, await answer.Content.ReadAsStringAsync());
        }

        Check("overview", await client.TextAsync("/"));
    }

    /// <summary>A run for each text, with the text wherever a run has one.</summary>
    internal static IReadOnlyList<string> Write(DashboardFixture dashboard)
    {
        var names = new List<string>();
        foreach (var text in HostileTexts.All)
        {
            var run = dashboard.Ledger.Begin(new LedgerEntry
            {
                Event = LedgerEvent.RunStarted,
                Datasets = ["spotify", text],
                Selection = [text],
                Settings = [$"datasets.spotify.raw={text}"],
                Arguments = ["pipeline", text],
                Host = text,
                ToolVersion = text,
                Pid = 1,
            });
            names.Add(run);
            dashboard.Ledger.Append(new LedgerEntry { Event = LedgerEvent.StageStarted, Run = run, Stage = $"spotify/{text}", Reason = text });
            dashboard.Ledger.Append(new LedgerEntry { Event = LedgerEvent.StageFailed, Run = run, Stage = $"spotify/{text}", Message = text, Exit = ExitCode.StageFailed });
            dashboard.Ledger.Append(new LedgerEntry { Event = LedgerEvent.RunFinished, Run = run, Exit = ExitCode.StageFailed });
            var logs = Path.Combine(dashboard.Data.Session.Data.Path, "logs");
            Directory.CreateDirectory(logs);
            File.WriteAllText(Path.Combine(logs, $"{run}.log"), $"{text}\n");
        }

        return names;
    }

    static IEnumerable<string> Addresses(string pattern, IReadOnlyList<string> runs)
    {
        var texts = HostileTexts.All.Select(Uri.EscapeDataString).ToList();
        var filled = pattern.Contains('{') ? runs.Concat(texts).Select(text => Part().Replace(pattern, text)) : [pattern];
        return filled.Concat(texts.Select(text => $"{Part().Replace(pattern, "x")}?state={text}&dataset={text}&page={text}&user={text}&list={text}&q={text}&{text}={text}"));
    }

    /// <summary>A strict reading of the page: known elements, no handler, no inline style, one script and that our own.</summary>
    static void Check(string where, string page)
    {
        var rest = Tag().Replace(page, tag =>
        {
            var name = tag.Groups["name"].Value.ToLowerInvariant();
            Assert.True(Elements.Contains(name), $"{where}: <{name}>");
            foreach (var (attribute, value) in tag.Groups["attribute"].Captures.Zip(tag.Groups["value"].Captures, (attribute, value) => (attribute.Value.ToLowerInvariant(), value.Value)))
            {
                Assert.False(attribute.StartsWith("on", StringComparison.Ordinal) || attribute is "style" or "srcdoc", $"{where}: {attribute}");
                Assert.False(attribute is "href" or "src" or "action" or "formaction" && !AddressOfOurs().IsMatch(value), $"{where}: {attribute}={value}");
            }

            return "";
        });

        // All that is left is text: had one '<' been no tag of ours, it would stand here.
        Assert.DoesNotContain('<', rest);
        Assert.Single(Script().Matches(page));
    }

    [GeneratedRegex("\\{[^}]+\\}")]
    private static partial Regex Part();

    [GeneratedRegex("</?(?<name>![A-Za-z]+|[A-Za-z][A-Za-z0-9]*)(?: html)?(?: (?<attribute>[A-Za-z][A-Za-z0-9-]*)=\"(?<value>[^\"<>]*)\")*>")]
    private static partial Regex Tag();

    [GeneratedRegex("^(/|#|\\?)")]
    private static partial Regex AddressOfOurs();

    [GeneratedRegex("<script src=\"/assets/dashboard.js\" defer=\"\"></script>")]
    private static partial Regex Script();
}
