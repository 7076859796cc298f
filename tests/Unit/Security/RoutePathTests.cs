using System.Net;
using Pipeline.Stages;
using Pipeline.Unit.Host;
using Pipeline.Unit.Host.Dashboard;

namespace Pipeline.Unit.Security;

/// <summary>No address, no question and no form of the dashboard leads to a file that is not ours.</summary>
public sealed class RoutePathTests : IAsyncLifetime
{
    const string Canary = "alive-canary";

    // Everything that pages ask for in addresses, and forms send.
    static readonly string[] Questions = ["dataset", "generation", "against", "part", "state", "day", "stage", "a", "b", "list", "user", "words", "metric", "group", "from"];
    static readonly string[] Fields = ["selection", "stage", "dataset", "folder", "generation", "artifact", "to", "run"];

    DashboardFixture dashboard = null!;

    public async Task InitializeAsync()
    {
        dashboard = await DashboardFixture.StartAsync();
        Assert.Equal(ExitCode.Ok, dashboard.Cli.Run("run", "--set", $"datasets.spotify.raw={dashboard.Cli.RawFolder()}").Code);
        foreach (var place in new[] { "canary", "data/canary", "data/spotify/canary" })
        {
            Directory.CreateDirectory(dashboard.Cli.File(place));
            foreach (var file in new[] { "report.html", "metrics.json", "manifest.json", "x" })
            {
                File.WriteAllText(Path.Combine(dashboard.Cli.File(place), file), Canary);
            }
        }
    }

    public async Task DisposeAsync() => await dashboard.DisposeAsync();

    [Fact]
    public async Task No_address_and_no_question_shows_what_lies_elsewhere()
    {
        using var client = dashboard.Client();
        string[] patterns =
        [
            .. dashboard.Routes.Select(route => route.RoutePattern.RawText!).Where(pattern => pattern.Contains('{')).Distinct(),
            .. new[] { "/", "/runs", "/compare", "/grid", "/lineage", "/artifacts", "/reports", "/trends", "/users", "/assets/{file}", "/{file}" },
        ];
        foreach (var (index, payload) in Payloads.List.Index())
        {
            var escaped = Uri.EscapeDataString(payload.Replace("\uD83D", "").Replace("\uDE00", ""));
            var pattern = patterns[index % patterns.Length];
            var address = pattern.Contains('{')
                ? string.Join('/', pattern.Split('/').Select(word => word.StartsWith("{dataset", StringComparison.Ordinal) && index % 2 == 0 ? "spotify" : word.StartsWith('{') ? escaped : word))
                : $"{pattern}?{string.Join('&', Questions.Select(question => $"{question}={escaped}"))}";

            using var answer = await client.GetAsync(address);
            var type = answer.Content.Headers.ContentType?.MediaType;
            var body = type == "text/event-stream" ? "" : await answer.Content.ReadAsStringAsync();

            Assert.True((int)answer.StatusCode < 500, $"{address}: {answer.StatusCode} {body}");
            Assert.DoesNotContain(Canary, body);
            Assert.DoesNotContain("root:x:0:", body);
        }
    }

    [Fact]
    public async Task No_form_starts_changes_or_shows_what_lies_elsewhere()
    {
        using var client = dashboard.Client();
        var before = Files();
        string[] actions = ["/artifacts/verify", "/artifacts/rollback", "/schedules/{name}/trigger", "/schedules/{name}/pause", "/runs/{run}/cancel", "/runs/{run}/resume", "/runs/{run}/rerun"];
        foreach (var (index, payload) in Payloads.List.Index().Where(each => each.Index % 5 == 0 && each.Item.Length > 0))
        {
            var action = string.Join('/', actions[index / 5 % actions.Length].Split('/').Select(word => word.StartsWith('{') ? Uri.EscapeDataString(payload) : word));

            using var answer = await client.PostAsync(action, [.. Fields.Select(field => (field, payload))]);
            var body = await answer.Content.ReadAsStringAsync();

            Assert.True((int)answer.StatusCode is >= 400 and < 500 || answer.StatusCode == HttpStatusCode.Redirect, $"{action} '{payload}': {answer.StatusCode} {dashboard.Log}");
            Assert.DoesNotContain(Canary, body);
        }

        Assert.Equal(before, Files());
    }

    [Theory]
    [InlineData("/runs", "selection")]
    [InlineData("/artifacts/verify", "dataset")]
    [InlineData("/schedules/nightly/pause", "other")]
    public async Task A_form_with_a_null_character_is_none(string action, string field)
    {
        using var client = dashboard.Client();

        using var answer = await client.PostAsync(action, (field, "a\0b"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.DoesNotContain("request failed", dashboard.Log.ToString());
    }

    [Fact]
    public async Task A_report_that_is_a_link_is_not_shown()
    {
        using var client = dashboard.Client();
        var folder = dashboard.Data.Session.Data.CurrentFolder("spotify", new Artifact("report", "5-report"))!;
        var page = Path.Combine(folder, "report.html");
        File.Delete(page);
        File.CreateSymbolicLink(page, dashboard.Cli.File("canary/report.html"));
        Directory.CreateDirectory(dashboard.Cli.File("data/experiments/odd"));
        File.CreateSymbolicLink(dashboard.Cli.File("data/experiments/odd/report.html"), dashboard.Cli.File("canary/report.html"));

        Assert.DoesNotContain(Canary, await client.TextAsync($"/reports/spotify/{Path.GetFileName(folder)}"));
        Assert.DoesNotContain(Canary, await client.TextAsync("/experiments/odd"));
    }

    [Fact]
    public void A_published_part_that_is_a_link_is_not_read()
    {
        using var night = new Nightly();
        Assert.Equal(ExitCode.Ok, night.Run("run").Code);
        var part = Path.Combine(night.Data, "spotify/4-topk/mamba/current/part-00000.parquet");
        File.Move(part, Path.Combine(night.Data, "elsewhere.parquet"));
        File.CreateSymbolicLink(part, Path.Combine(night.Data, "elsewhere.parquet"));

        var refused = night.Run("recommend", "--user", "jazz+pop", "--list", "mamba");

        Assert.Equal(ExitCode.InputMissing, refused.Code);
        Assert.Contains("is a link, not a file", refused.Error);
    }

    string Files() => string.Join('\n', Directory.EnumerateFileSystemEntries(dashboard.Cli.Folder, "*", SearchOption.AllDirectories)
        .Where(path => !Path.GetFileName(path).StartsWith('.')).Order(StringComparer.Ordinal));
}
