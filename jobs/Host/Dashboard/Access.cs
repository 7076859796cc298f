using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Pipeline.Host.Serving;
using Pipeline.Scoring.Report;

namespace Pipeline.Host.Dashboard;

/// <summary>
/// Who may ask: the Host header must be ours (so that a foreign name that resolves to us reaches nothing), and where there is a token every
/// request shows it, as `Authorization: Bearer TOKEN` or in the cookie that the login page sets. Every answer forbids foreign and inline scripts.
/// </summary>
sealed class Access(ServeOptions options, ServeLog log, TimeProvider clock)
{
    public const string Login = "/login";

    const string Cookie = "pipeline-token";
    const string Policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    readonly GuessLimit guesses = new(clock);

    public async Task CheckAsync(HttpContext http, RequestDelegate next)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        if (!options.Knows(http.Request.Host.Host.Trim('[', ']')))
        {
            http.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
            await http.Response.WriteAsync($"This server does not go by that name, so that a foreign one that resolves to it reaches nothing. Ask for {options.Url}; a proxy in front of it sends that as Host.\n", http.RequestAborted);
            return;
        }

        if (DashboardServer.Open.Contains(http.Request.Path.Value) || HasToken(http.Request))
        {
            await next(http);
            return;
        }

        if (HttpMethods.IsGet(http.Request.Method) && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal))
        {
            http.Response.Redirect(Login);
            return;
        }

        http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        headers.WWWAuthenticate = "Bearer";
        await http.Response.WriteAsync("Show the token: Authorization: Bearer TOKEN\n", http.RequestAborted);
    }

    public PageContent LoginPage(PageRequest request) => new("Log in", request.Form(Login, new Element("div")
    {
        new Element("label") { "Token", new Element("input") { ("type", "password"), ("name", "secret"), ("autocomplete", "current-password"), ("required", ""), ("autofocus", "") } },
        new Element("p") { new Element("button") { ("type", "submit"), "Log in" } },
    }));

    /// <summary>No antiforgery token is asked for: whoever knows the token needs nobody's browser.</summary>
    public async Task LogInAsync(HttpContext http)
    {
        if (!http.Request.HasFormContentType)
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        if (await SentForm.ReadAsync(http) is not { } form)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            await http.Response.WriteAsync($"{SentForm.Unreadable}\n", http.RequestAborted);
            return;
        }

        if (guesses.IsReached)
        {
            http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            http.Response.Headers.RetryAfter = "1";
            await http.Response.WriteAsync("Too many wrong tokens. Try again in a second.\n", http.RequestAborted);
            return;
        }

        if (!IsToken(form["secret"].ToString()))
        {
            guesses.Wrong();
            log.Warn("wrong token", ("path", Login), ("from", http.Connection.RemoteIpAddress?.ToString()));
            http.Response.Redirect(Login);
            return;
        }

        http.Response.Cookies.Append(Cookie, options.Token!, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, IsEssential = true });
        http.Response.Redirect("/");
    }

    bool HasToken(HttpRequest request)
    {
        const string Bearer = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        return options.Token is null
            || (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) && IsToken(header[Bearer.Length..]))
            || (request.Cookies.TryGetValue(Cookie, out var cookie) && IsToken(cookie));
    }

    bool IsToken(string given) =>
        options.Token is { } token && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(token));
}
