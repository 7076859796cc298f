using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pipeline.Host.Dashboard.Live;
using Pipeline.Scoring.Report;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard;

/// <summary>The web server of `serve`: routes to pages, actions, events and files, behind <see cref="Access"/>.</summary>
static class DashboardServer
{
    /// <summary>Addresses that answer without a token: what is needed to show the way in.</summary>
    public static IReadOnlyList<string> Open { get; } = [DashboardAssets.Sheet, DashboardAssets.Script, DashboardAssets.Icon, Access.Login];

    const string FilePolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; form-action 'none'; base-uri 'none'";

    public static WebApplication Create(DashboardData data, ServeOptions options)
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
        var app = builder.Build();
        var access = new Access(options);
        app.Use(access.CheckAsync);
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
        app.MapFallback(http => AnswerAsync(http, data, _ => throw new PipelineException(ExitCode.Usage, $"There is no page {http.Request.Path}.")));
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
