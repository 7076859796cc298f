using System.Net.Sockets;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
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
    /// <summary>Methods of what only shows something.</summary>
    public static readonly string[] Reading = ["GET", "HEAD"];

    /// <summary>Addresses that answer without a token: what is needed to show the way in.</summary>
    public static IReadOnlyList<string> Open { get; } = [DashboardAssets.Sheet, DashboardAssets.Script, DashboardAssets.Icon, Access.Login];

    const string FilePolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; form-action 'none'; base-uri 'none'";

    const int MostConnections = 500, MostBytesOfForm = 64 << 10;

    public static WebApplication Create(DashboardData data, ServeOptions options, ServeLog log)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls(options.Url);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // Connections are open files: who holds very many of them must leave some to the ledger and the runs.
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Limits.MaxRequestBodySize = MostBytesOfForm;
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "pipeline-form";
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.FormFieldName = "token";
        });

        // Keys live as long as the process: a form of an earlier one is refused, and its page is loaded again.
        builder.Services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
        // Without this one, a file of other keys would be written into the home folder at every first start.
        foreach (var keeper in builder.Services.Where(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType?.Assembly == typeof(EphemeralDataProtectionProvider).Assembly).ToList())
        {
            builder.Services.Remove(keeper);
        }

        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        // What keeps it from starting is thrown, and told once.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Logging.AddProvider(log);

        // Streams of events have no end of their own: who stops does not wait for their readers.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        var app = builder.Build();
        var access = new Access(options, log, data.Session.Clock);
        app.Use(access.CheckAsync);
        app.Use((http, next) => GuardAsync(http, next, data, log));
        app.UseRouting();
        app.Use((http, next) => http.GetEndpoint() is null ? FailAsync(http, data, new PipelineException(ExitCode.Usage, $"There is no page {http.Request.Path}.")) : next(http));
        Map(app, data, access);
        return app;
    }

    /// <summary>Starts it.</summary>
    /// <exception cref="PipelineException">Nothing can listen there (Busy: the address is taken; else InvalidConfiguration).</exception>
    public static async Task ListenAsync(WebApplication app, ServeOptions options, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (IOException error) when (error.InnerException is AddressInUseException)
        {
            throw new PipelineException(ExitCode.Busy, $"{options.Url} is taken, perhaps by another 'pipeline serve'. Stop that, or listen on another port: --urls http://127.0.0.1:8322", error);
        }
        catch (Exception error) when (error is IOException or SocketException or InvalidOperationException)
        {
            throw new PipelineException(ExitCode.InvalidConfiguration, $"Nothing can listen on {options.Url}: {error.Message.TrimEnd('.')}. --urls must be an address of this machine, such as {ServeOptions.DefaultUrl}.", error);
        }
    }

    static void Map(WebApplication app, DashboardData data, Access access)
    {
        foreach (var (address, (content, type)) in DashboardAssets.All)
        {
            app.MapMethods(address, Reading, () => TypedResults.Text(content, type));
        }

        app.MapMethods(Access.Login, Reading, http => AnswerAsync(http, data, access.LoginPage));
        app.MapPost(Access.Login, access.LogInAsync);
        foreach (var page in AllPages.List)
        {
            app.MapMethods(page.Path, Reading, http => AnswerAsync(http, data, page.Render));
        }

        foreach (var action in AllActions.List)
        {
            app.MapPost(action.Path, http => ActAsync(http, data, action));
        }

        RunEvents.Map(app, data);
        ProbeRoutes.Map(app, data);
    }

    /// <summary>What nobody foresaw is logged, and answered without its inside and with the headers that every answer has.</summary>
    static async Task GuardAsync(HttpContext http, RequestDelegate next, DashboardData data, ServeLog log)
    {
        try
        {
            await next(http);
        }
        catch (BadHttpRequestException error) when (!http.Response.HasStarted)
        {
            http.Response.StatusCode = error.StatusCode;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException && !http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            // No defect: a disk that is full or away, rights that are missing, too many open files.
            log.Warn("request failed", ("method", http.Request.Method), ("path", http.Request.Path.Value), ("message", error.Message));
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await WriteAsync(http, data, Problem("The data cannot be read or written now", $"{error.Message.TrimEnd().TrimEnd('.')}. Mend the cause ('pipeline doctor' looks at the folders), then load this page again: nothing has to be restarted."));
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
        if (http.Request.HasFormContentType && await SentForm.ReadAsync(http) is null)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            await WriteAsync(http, data, Problem("This form cannot be read", SentForm.Unreadable));
            return;
        }

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
            ExitCode.OutOfSpace => StatusCodes.Status507InsufficientStorage,
            ExitCode.Bug => StatusCodes.Status500InternalServerError,
            _ => StatusCodes.Status409Conflict,
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
