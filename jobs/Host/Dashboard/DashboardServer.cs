using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pipeline.Host.Dashboard.Live;
using Pipeline.Host.Dashboard.Probes;
using Pipeline.Host.Serving;
using Pipeline.Scoring.Report;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard;

/// <summary>The web server of `serve`: routes to pages, actions, events and files, behind <see cref="Access"/>.</summary>
static class DashboardServer
{
    /// <summary>Addresses that answer without a token: what is needed to show the way in.</summary>
    public static IReadOnlyList<string> Open { get; } = [DashboardAssets.Sheet, DashboardAssets.Script, DashboardAssets.Icon, Access.Login];

    const string FilePolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; form-action 'none'; base-uri 'none'";

    public static WebApplication Create(DashboardData data, ServeOptions options, ServeLog log)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls(options.Url);
        builder.Services.AddRoutingCore();
        builder.Services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "pipeline-form";
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.FormFieldName = "token";
        });

        // Keys live as long as the process: a form of an earlier one is refused, and its page is loaded again.
        builder.Services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddProvider(log);

        // Streams of events have no end of their own: who stops does not wait for their readers.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        var app = builder.Build();
        var access = new Access(options, log, data.Session.Clock);
        app.Use(access.CheckAsync);
        app.Use((http, next) => GuardAsync(http, next, log));
        app.UseRouting();
        Map(app, data, access);
        return app;
    }

    static void Map(WebApplication app, DashboardData data, Access access)
    {
        foreach (var (address, (content, type)) in DashboardAssets.All)
        {
            app.MapGet(address, () => TypedResults.Text(content, type));
        }

        app.MapGet(Access.Login, http => AnswerAsync(http, data, access.LoginPage));
        app.MapPost(Access.Login, access.LogInAsync);
        foreach (var page in AllPages.List)
        {
            app.MapGet(page.Path, http => AnswerAsync(http, data, page.Render));
        }

        foreach (var action in AllActions.List)
        {
            app.MapPost(action.Path, http => ActAsync(http, data, action));
        }

        RunEvents.Map(app, data);
        ProbeRoutes.Map(app, data);
        app.MapFallback(http => AnswerAsync(http, data, _ => throw new PipelineException(ExitCode.Usage, $"There is no page {http.Request.Path}.")));
    }

    /// <summary>What nobody foresaw is logged, and answered without its inside and with the headers that every answer has.</summary>
    static async Task GuardAsync(HttpContext http, RequestDelegate next, ServeLog log)
    {
        try
        {
            await next(http);
        }
        catch (BadHttpRequestException error) when (!http.Response.HasStarted)
        {
            http.Response.StatusCode = error.StatusCode;
        }
        catch (AntiforgeryValidationException) when (!http.Response.HasStarted)
        {
            // A form that is none, such as one with a null character.
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
        catch (Exception error) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            log.Write(LogLevel.Error, "request failed", ("method", http.Request.Method), ("path", http.Request.Path.Value), ("exception", error.ToString()));
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
            await http.Response.WriteAsync("This is a defect of pipeline; the server's log has more.\n", http.RequestAborted);
        }
    }

    static async Task ActAsync(HttpContext http, DashboardData data, IAction action)
    {
        var antiforgery = http.RequestServices.GetRequiredService<IAntiforgery>();
        if (!await antiforgery.IsRequestValidAsync(http))
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            await WriteAsync(http, data, Problem("This form is too old", "It was made before the server started again, or by another site. Go back, load the page anew and repeat."));
            return;
        }

        try
        {
            http.Response.Redirect(await action.RunAsync(new PageRequest(http, data)));
        }
        catch (PipelineException error)
        {
            await FailAsync(http, data, error);
        }
    }

    static async Task AnswerAsync(HttpContext http, DashboardData data, Func<PageRequest, PageContent> render)
    {
        try
        {
            var page = render(new PageRequest(http, data));
            await (page.File is { } file ? SendAsync(http, file) : WriteAsync(http, data, page));
        }
        catch (PipelineException error)
        {
            await FailAsync(http, data, error);
        }
    }

    static Task FailAsync(HttpContext http, DashboardData data, PipelineException error)
    {
        http.Response.StatusCode = error.Code switch
        {
            ExitCode.Usage or ExitCode.InputMissing => StatusCodes.Status404NotFound,
            ExitCode.Busy => StatusCodes.Status409Conflict,
            _ => StatusCodes.Status500InternalServerError,
        };
        return WriteAsync(http, data, Problem("This did not work", error.Message));
    }

    /// <summary>A report brings its style with it, and may do nothing else.</summary>
    static Task SendAsync(HttpContext http, string file)
    {
        // A link could lead anywhere.
        if (new FileInfo(file) is not { Exists: true, LinkTarget: null })
        {
            throw new PipelineException(ExitCode.InputMissing, $"{file} is missing. Make it anew: pipeline run --force");
        }

        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.ContentSecurityPolicy = FilePolicy;
        return http.Response.SendFileAsync(file, http.RequestAborted);
    }

    static PageContent Problem(string title, string message) => new(title, new Element("p") { ("class", "notice"), message });

    static Task WriteAsync(HttpContext http, DashboardData data, PageContent page)
    {
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.WriteAsync(PageShell.Write(page, http.Request.Path, data), http.RequestAborted);
    }
}
