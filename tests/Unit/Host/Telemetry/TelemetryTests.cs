using System.Text;
using Pipeline.Host.Telemetry;
using Pipeline.Stages;
using Pipeline.Unit.Host.Serving;

namespace Pipeline.Unit.Host.Telemetry;

/// <summary>What a collector sees of a run.</summary>
public class TelemetryTests
{
    [Fact]
    public async Task A_run_is_a_trace_with_a_span_for_each_stage_and_metrics_beside_it()
    {
        await using var collector = await Receiver.StartAsync();
        using var night = new Nightly();

        using var run = night.Start(
            new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf" }, "run", "+spotify/ingest", "--quiet");
        await run.WaitForExitAsync();

        Assert.Equal(0, run.ExitCode);
        var traces = All("/v1/traces");
        // In protobuf a text is its length and its letters.
        Assert.Contains("\u000brun spotify", traces);
        Assert.Contains("\u000espotify/ingest", traces);
        Assert.Contains("\u000espotify/sample", traces);
        Assert.Contains("pipeline.stage.duration", All("/v1/metrics"));

        string All(string path) => string.Concat(collector.All.Where(each => each.Path == path).Select(each => Encoding.Latin1.GetString(each.Body)));
    }

    [Fact]
    public async Task A_collector_that_is_not_there_costs_a_run_nothing_but_seconds()
    {
        using var night = new Nightly();

        // Port 9 of this machine discards, where anything listens at all.
        using var run = night.Start(
            new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:9", ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf" }, "run", "spotify/sample", "--quiet");
        await run.WaitForExitAsync();

        Assert.Equal((int)ExitCode.Ok, run.ExitCode);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("http://127.0.0.1:9", "true")]
    [InlineData("", null)]
    public void Without_an_endpoint_nothing_is_started(string? endpoint, string? isDisabled) =>
        Assert.Null(RunTelemetry.Start(name => name switch { "OTEL_EXPORTER_OTLP_ENDPOINT" => endpoint, "OTEL_SDK_DISABLED" => isDisabled, _ => null }));
}
