using System.Net;
using Hangfire;
using Hangfire.Dashboard;
using Microsoft.AspNetCore.Builder;
using Pipeline.Host.Schedule;
using Pipeline.Stages;

namespace Pipeline.Integrations;

/// <summary>Hangfire's page at /hangfire, behind the same access as all others; a run's job has a link to the run's own page.</summary>
static class HangfirePage
{
    public const string Path = "/hangfire";

    // As for our pages, and what Hangfire's needs besides: its fonts, and styles that are set in attributes.
    const string Policy = "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    public static void Map(WebApplication app, HangfireScheduler scheduler)
    {
        GlobalConfiguration.Configuration.UseJobDetailsRenderer(0, details => new NonEscapedString(Describe(details.JobDetails.Job, scheduler.Index)));
        var options = new DashboardOptions { AppPath = "/", DashboardTitle = "Pipeline", Authorization = [], DisplayStorageConnectionString = false };
        app.Map(Path, branch =>
        {
            branch.Use((http, next) =>
            {
                http.Response.Headers.ContentSecurityPolicy = Policy;
                return next(http);
            });
            branch.UseMiddleware<AspNetCoreDashboardMiddleware>(scheduler.Storage, options, DashboardRoutes.Routes, true);
        });
    }

    /// <summary>The run that a job stands for and how far it is, as HTML; nothing for other jobs.</summary>
    public static string Describe(global::Hangfire.Common.Job? job, LedgerIndex index)
    {
        if (job?.Method.Name != nameof(HangfireJobs.RunAsync) || job.Args is not [string schedule, string due, int attempt])
        {
            return "";
        }

        var wanted = new Fire(schedule, HangfireJobs.Parse(due), attempt);
        var started = index.LinesOf(schedule).LastOrDefault(line => line.Event == LedgerEvent.RunStarted && line.Due == wanted.Due && line.Attempt == wanted.Attempt);
        if (started is null || index.Find(started.Run) is not { } run)
        {
            return "<h3>Run</h3><p>It has not begun.</p>";
        }

        var name = WebUtility.HtmlEncode(run.Run);
        var ended = run.Stages.Count(stage => stage.State != RunState.Running);
        return $"<h3>Run</h3><p><a href=\"/runs/{name}\">{name}</a>: {run.State}, {ended} of {run.Stages.Count} begun stages ended.</p>";
    }
}
