using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Pipeline.Host.Telemetry;

/// <summary>
/// Traces and metrics of runs, sent by OTLP where the standard variables (OTEL_EXPORTER_OTLP_ENDPOINT, ..._PROTOCOL, ..._HEADERS) say where to.
/// Where they do not, nothing of OpenTelemetry is loaded.
/// </summary>
sealed class RunTelemetry : IDisposable
{
    const int FlushMilliseconds = 1500;

    public static readonly ActivitySource Source = new("pipeline");
    public static readonly Meter Meter = new("pipeline");

    readonly TracerProvider tracing;
    readonly MeterProvider metering;

    RunTelemetry()
    {
        var resource = ResourceBuilder.CreateDefault().AddService("pipeline").AddEnvironmentVariableDetector();
        tracing = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(Source.Name).AddOtlpExporter().Build();
        metering = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(Meter.Name).AddOtlpExporter().Build();
    }

    /// <param name="environment">Reads a variable of the environment.</param>
    /// <returns>Null if nothing is configured. Flushes when it is disposed, for a few seconds at most.</returns>
    public static IDisposable? Start(Func<string, string?> environment) => IsConfigured(environment) ? Create() : null;

    public void Dispose()
    {
        // Sends what is left. A collector that does not answer costs the run these seconds and nothing else.
        tracing.Shutdown(FlushMilliseconds);
        metering.Shutdown(FlushMilliseconds);
    }

    static bool IsConfigured(Func<string, string?> environment) =>
        !string.Equals(environment("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase)
        && (environment("OTEL_EXPORTER_OTLP_ENDPOINT") ?? environment("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") ?? environment("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT")) is { Length: > 0 };

    /// <summary>Apart, so that the libraries are loaded when it is called and not before.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static RunTelemetry Create() => new();
}
