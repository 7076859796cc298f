using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Pipeline.Host.Dashboard.Probes;

/// <summary>
/// What machines ask: /healthz (the process answers), /readyz (the nights are not late), /metrics (Prometheus). Where there is a token they need it
/// too: names of stages and messages of failures are nobody else's.
/// </summary>
static class ProbeRoutes
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, NewLine = "\n", DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static void Map(IEndpointRouteBuilder routes, DashboardData data)
    {
        var nights = new Nights(data.Session.Graphs());
        routes.MapMethods("/healthz", DashboardServer.Reading, http => AnswerAsync(http, StatusCodes.Status200OK, "text/plain; charset=utf-8", "ok\n"));
        routes.MapMethods("/readyz", DashboardServer.Reading, http => ReadyAsync(http, data, nights));
        routes.MapMethods("/metrics", DashboardServer.Reading, http => AnswerAsync(http, StatusCodes.Status200OK, PrometheusText.ContentType, RunMetrics.Write(data, nights)));
    }

    static Task ReadyAsync(HttpContext http, DashboardData data, Nights nights)
    {
        var configuration = data.Session.Configuration.Value;
        var limit = TimeSpan.FromHours(configuration.Serve.ReadyWithinHours);
        var datasets = Readiness.Of(configuration.Default, nights, data.Ledger.Runs(), limit, data.Session.Clock.GetUtcNow());
        var isReady = datasets.All(dataset => dataset.IsReady);
        return AnswerAsync(http, isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, "application/json; charset=utf-8",
            JsonSerializer.Serialize(new { isReady, configuration.Serve.ReadyWithinHours, datasets }, Json) + "\n");
    }

    static Task AnswerAsync(HttpContext http, int status, string type, string text)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.WriteAsync(text, http.RequestAborted);
    }
}
