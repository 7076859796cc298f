using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Pipeline.Host.Dashboard.Probes;
using Pipeline.Stages;

namespace Pipeline.Unit.Host.Dashboard;

/// <summary>What machines ask.</summary>
public partial class ProbeTests
{
    static readonly DateTimeOffset Now = new(2026, 11, 21, 7, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Before_the_first_night_the_server_is_healthy_and_not_ready_and_says_what_is_late()
    {
        await using var dashboard = await DashboardFixture.StartAsync();
        using var client = dashboard.Client();

        Assert.Equal("ok\n", await client.TextAsync("/healthz"));
        using var answer = await client.GetAsync("/readyz");
        var ready = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.False(ready.GetProperty("isReady").GetBoolean());
        Assert.Equal("it never ran", ready.GetProperty("datasets")[0].GetProperty("why").GetString());
    }

    [Fact]
    public async Task After_a_night_the_server_is_ready_and_after_a_part_of_one_it_is_not()
    {
        await using var dashboard = await DashboardFixture.StartAsync();
        using var client = dashboard.Client();

        dashboard.Cli.Run("run");
        dashboard.Cli.Run("run", "+spotify/ingest");
        using var complete = await client.GetAsync("/readyz");
        Assert.Equal(HttpStatusCode.OK, complete.StatusCode);

        await using var other = await DashboardFixture.StartAsync();
        using var reader = other.Client();
        other.Cli.Run("run", "+spotify/ingest");
        using var part = await reader.GetAsync("/readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, part.StatusCode);
        Assert.Contains("it never succeeded", await part.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(25.9, true)]
    [InlineData(26.1, false)]
    public void A_night_is_late_after_the_limit(double hours, bool isReady)
    {
        var nights = new Nights([new StageGraph("spotify", new StubPipeline().Stages(new()), [1])]);
        var run = Run(RunState.Succeeded, hours, ["spotify"]);

        var ready = Assert.Single(Readiness.Of(["spotify"], nights, [run], TimeSpan.FromHours(26), Now));

        Assert.Equal(isReady, ready.IsReady);
        Assert.Equal(isReady, ready.Why is null);
    }

    [Fact]
    public void What_is_late_is_told_with_the_last_run_and_its_message()
    {
        var nights = new Nights([new StageGraph("spotify", new StubPipeline().Stages(new()), [1])]);
        RunHeadline[] runs =
        [
            Run(RunState.Succeeded, 50, ["spotify"]), Run(RunState.Succeeded, 20, ["spotify/ingest"]), Run(RunState.Succeeded, 10, ["spotify/gone"]),
            Run(RunState.Failed, 3, ["spotify"]) with { Run = "last", Message = "No rows." },
        ];

        var ready = Assert.Single(Readiness.Of(["spotify"], nights, runs, TimeSpan.FromHours(26), Now));

        Assert.Equal("the last success ended 50 h 00 min ago, and 26 h are allowed; the last run, last, failed: No rows.", ready.Why);
    }

    [Fact]
    public async Task Metrics_are_in_the_format_of_prometheus_whatever_a_stage_is_called()
    {
        await using var dashboard = await DashboardFixture.StartAsync();
        using var client = dashboard.Client();
        Parse(await client.TextAsync("/metrics"));
        dashboard.Cli.Run("run");
        File.AppendAllText(dashboard.Ledger.Path, "{torn\n");

        using var answer = await client.GetAsync("/metrics");
        var series = Parse(await answer.Content.ReadAsStringAsync());

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal(1, series["pipeline_runs{state=\"succeeded\"}"]);
        Assert.Equal(0, series["pipeline_runs{state=\"running\"}"]);
        Assert.Equal(1, series["pipeline_last_run_success{dataset=\"spotify\"}"]);
        Assert.Equal(1, series["pipeline_ledger_unreadable_lines"]);
        Assert.InRange(series["pipeline_last_success_timestamp_seconds{dataset=\"spotify\"}"], 1_700_000_000, 1e11);
        Assert.True(series["pipeline_stage_duration_seconds{dataset=\"spotify\",stage=\"train/mamba\",seeds=\"1\"}"] >= 0);
        Assert.True(series["pipeline_stage_bytes{dataset=\"spotify\",stage=\"report\",seeds=\"1\"}"] > 0);
        Assert.True(series["pipeline_data_free_bytes"] > 0 && series["process_resident_memory_bytes"] > 0);

        foreach (var text in HostileTexts.All.Append("a\"b\\c\nd"))
        {
            var run = dashboard.Ledger.Begin(new LedgerEntry { Event = LedgerEvent.RunStarted, Datasets = ["spotify"], Selection = [] });
            dashboard.Ledger.Append(new LedgerEntry { Event = LedgerEvent.StageStarted, Run = run, Stage = $"spotify/{text}" });
            dashboard.Ledger.Append(new LedgerEntry { Event = LedgerEvent.StageFinished, Run = run, Stage = $"spotify/{text}", DurationSeconds = 1.5, Rows = 3, Bytes = 4 });
            dashboard.Ledger.Append(new LedgerEntry { Event = LedgerEvent.RunFinished, Run = run, Exit = ExitCode.Ok });
            series = Parse(await client.TextAsync("/metrics"));
        }

        Assert.Equal(1.5, series["pipeline_stage_duration_seconds{dataset=\"spotify\",stage=\"a\\\"b\\\\c\\nd\",seeds=\"\"}"]);
    }

    static RunHeadline Run(RunState state, double hoursAgo, IReadOnlyList<string> selection) =>
        new($"run-{hoursAgo}", state, ["spotify"], selection, Now.AddHours(-hoursAgo - 1), Now.AddHours(-hoursAgo), ExitCode.Ok, 1, null, null);

    /// <summary>As strict as the format's definition: HELP and TYPE once and before the samples, no series twice, every label escaped.</summary>
    static Dictionary<string, double> Parse(string text)
    {
        var series = new Dictionary<string, double>(StringComparer.Ordinal);
        var described = new HashSet<string>(StringComparer.Ordinal);
        var current = "";
        Assert.EndsWith("\n", text);
        var lines = text[..^1].Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (Help().Match(lines[i]) is { Success: true } help)
            {
                current = help.Groups[1].Value;
                Assert.True(described.Add(current), lines[i]);
                Assert.Equal($"# TYPE {current} gauge", lines[++i]);
                continue;
            }

            var sample = Sample().Match(lines[i]);
            Assert.True(sample.Success, lines[i]);
            Assert.Equal(current, sample.Groups["name"].Value);
            Assert.True(series.TryAdd(sample.Groups["series"].Value, double.Parse(sample.Groups["value"].Value, System.Globalization.CultureInfo.InvariantCulture)), lines[i]);
        }

        return series;
    }

    [GeneratedRegex("^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) [^\\\\]+$")]
    private static partial Regex Help();

    [GeneratedRegex("^(?<series>(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\]|\\\\[\\\\\"n])*\"(?:,[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\]|\\\\[\\\\\"n])*\")*\\})?) (?<value>-?[0-9.]+(?:E[+-]?[0-9]+)?)$")]
    private static partial Regex Sample();
}
