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
        routes.MapMethods(All, DashboardServer.Reading, http => SendAsync(http, data, run: null));
        routes.MapMethods("/runs/{run}/events", DashboardServer.Reading, http => SendAsync(http, data, http.GetRouteValue("run") as string));
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
        if (HttpMethods.IsHead(http.Request.Method))
        {
            return;
        }

        using var log = run is null ? null : new LogTail(data.Session.Data, run);

        // No state at all: the first thing that the reader hears is that something changed, for it may have, since its page was made.
        object? state = null;
        log?.SkipToEnd();

        // At once, whenever the first event comes: who waits in between may think that nobody is there.
        await http.Response.Body.FlushAsync(http.RequestAborted);
        using var timer = new PeriodicTimer(Beat, data.Session.Clock);
        try
        {
            do
            {
                if (Look(data, run, log) is not { } now)
                {
                    continue;
                }

                if (now.Progress.Count > 0)
                {
                    await WriteAsync(http, "progress", now.Progress);
                }

                if (now.Log.Length > 0)
                {
                    await WriteAsync(http, "log", now.Log);
                }

                if (!now.State.Equals(state))
                {
                    state = now.State;
                    await WriteAsync(http, "changed", "");
                }

                if (now.HasEnded)
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

    /// <summary>Null while the data root cannot be read: the reader stays, and hears of it when that has passed.</summary>
    static Sight? Look(DashboardData data, string? run, LogTail? log)
    {
        try
        {
            var progress = Progress(data, run);
            var lines = log?.Read() ?? "";
            var state = run is null ? null : data.Ledger.Find(run)?.State;
            var troubled = data.Schedules.Entries.Count(entry => data.Scheduler.TroubleOf(entry.Name) is not null);
            return new Sight(progress, lines, (data.Ledger.Length, state, Live(data), data.Checks.Version, troubled), run is not null && state != RunState.Running);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
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

    /// <param name="Log">Lines that came since.</param>
    /// <param name="State">Another one means that something happened.</param>
    sealed record Sight(IReadOnlyList<StageProgress> Progress, string Log, object State, bool HasEnded);
}
