using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pipeline.Host.Terminal;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Live;

/// <summary>Server-sent events. All of them come from files of the data root, so that runs of any process, on any machine, are seen alike.</summary>
static class RunEvents
{
    /// <summary>Tells of every change of the ledger, and of the progress of all runs.</summary>
    public const string All = "/events";

    static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500);

    /// <summary>Address of the events of one run.</summary>
    public static string Of(string run) => $"/runs/{Uri.EscapeDataString(run)}/events";

    public static void Map(IEndpointRouteBuilder routes, DashboardData data)
    {
        routes.MapGet(All, http => SendAsync(http, data, run: null));
        routes.MapGet("/runs/{run}/events", http => SendAsync(http, data, http.GetRouteValue("run") as string));
    }

    static async Task SendAsync(HttpContext http, DashboardData data, string? run)
    {
        var record = run is null ? null : data.Ledger.Find(run);
        if (run is not null && record is null)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        using var log = run is null ? null : new LogTail(data.Session.Data, run);

        // No state at all: the first thing that the reader hears is that something changed, for it may have, since its page was made.
        object? state = null;
        log?.SkipToEnd();
        using var timer = new PeriodicTimer(Beat, data.Session.Clock);
        try
        {
            do
            {
                if (Progress(data, run) is { Count: > 0 } progress)
                {
                    await WriteAsync(http, "progress", progress);
                }

                if (log?.Read() is { Length: > 0 } lines)
                {
                    await WriteAsync(http, "log", lines);
                }

                var now = (data.Ledger.Length, State: run is null ? null : data.Ledger.Find(run)?.State, Live: Live(data), Checks: data.Checks.Version);
                if (!now.Equals(state))
                {
                    state = now;
                    await WriteAsync(http, "changed", "");
                }

                if (run is not null && now.State != RunState.Running)
                {
                    await WriteAsync(http, "end", "");
                    return;
                }
            }
            while (await timer.WaitForNextTickAsync(http.RequestAborted));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The reader has left.
            return;
        }
    }

    static IReadOnlyList<StageProgress> Progress(DashboardData data, string? run) =>
        [.. (run is null ? data.Ledger.Runs().Where(each => each.State == RunState.Running).Select(each => each.Run) : [run]).SelectMany(each => ProgressFile.Read(data.Session.Data, each))];

    /// <summary>Runs that say that they run: a crash changes this and not the ledger.</summary>
    static int Live(DashboardData data) => data.Ledger.Runs().Count(run => run.State == RunState.Running);

    static async Task WriteAsync<T>(HttpContext http, string name, T value)
    {
        await http.Response.WriteAsync($"event: {name}\ndata: {JsonSerializer.Serialize(value, JsonSerializerOptions.Web)}\n\n", http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }
}
