using System.Net;
using Microsoft.AspNetCore.Routing;
using Pipeline.Host.Dashboard;
using Pipeline.Stages;

namespace Pipeline.Unit.Host.Dashboard;

/// <summary>Who gets in, on every route that there is.</summary>
public class AccessTests
{
    const string Token = "0123456789abcdef0123";
    const string Policy = "Content-Security-Policy";

    [Fact]
    public async Task With_a_token_every_route_but_login_and_assets_needs_it()
    {
        await using var dashboard = await DashboardFixture.StartAsync(Token);
        using var stranger = dashboard.Client();
        using var guesser = dashboard.Client("0123456789abcdef0124");
        var routes = Addresses(dashboard);
        Assert.Contains(routes, route => route == ("POST", "/runs/x/cancel"));
        Assert.Contains(routes, route => route == ("GET", "/metrics"));

        foreach (var (method, path) in routes)
        {
            var isOpen = DashboardServer.Open.Contains(path);
            using var refused = await stranger.SendAsync(new HttpMethod(method), path);
            using var wrong = await guesser.SendAsync(new HttpMethod(method), path);
            Assert.Equal((method, path, isOpen), (method, path, refused.StatusCode != HttpStatusCode.Unauthorized));
            Assert.Equal((method, path, isOpen), (method, path, wrong.StatusCode != HttpStatusCode.Unauthorized));
        }

        Assert.Equal(4, DashboardServer.Open.Count);
    }

    [Fact]
    public async Task The_token_opens_as_bearer_and_after_the_login_page()
    {
        await using var dashboard = await DashboardFixture.StartAsync(Token);
        using var probe = dashboard.Client(Token);
        using var reader = dashboard.Client();

        Assert.Equal("ok\n", await probe.TextAsync("/healthz"));
        using var login = await reader.PostAloneAsync(Access.Login, ("secret", Token));
        Assert.Equal("/", login.Headers.Location?.ToString());
        var cookie = login.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Overview", await reader.TextAsync("/"));
    }

    [Fact]
    public async Task A_browser_without_the_token_is_shown_the_login_page()
    {
        await using var dashboard = await DashboardFixture.StartAsync(Token);
        using var reader = dashboard.Client();

        using var answer = await reader.SendAsync(HttpMethod.Get, "/runs", request => request.Headers.Add("Accept", "text/html"));

        Assert.Equal((HttpStatusCode.Redirect, "/login"), (answer.StatusCode, answer.Headers.Location?.ToString()));
    }

    [Fact]
    public async Task Who_guesses_at_the_login_page_is_held_up()
    {
        await using var dashboard = await DashboardFixture.StartAsync(Token);
        using var guesser = dashboard.Client();

        // Five a second are looked at: among very many, some come within one second however slow the machine is.
        HttpStatusCode status;
        var guesses = 0;
        do
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => guesser.PostAloneAsync(Access.Login, ("secret", "wrong"))));
            status = answers.Max(answer => answer.StatusCode);
            guesses += answers.Length;
        }
        while (status != HttpStatusCode.TooManyRequests && guesses < 5000);

        Assert.Equal(HttpStatusCode.TooManyRequests, status);
        Assert.Contains("wrong token", dashboard.Log.ToString());
        Assert.DoesNotContain("\"wrong\"", dashboard.Log.ToString());
        using var probe = dashboard.Client(Token);
        Assert.Equal("ok\n", await probe.TextAsync("/healthz"));
    }

    [Theory]
    [InlineData("evil.example", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    [InlineData("localhost.evil.example:8321", false)]
    [InlineData("127.0.0.1.", false)]
    [InlineData("localhost.", false)]
    [InlineData("[2001:db8::1]", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("", false)]
    [InlineData("localhost", true)]
    [InlineData("LOCALHOST:1", true)]
    [InlineData("127.0.0.1:9999", true)]
    [InlineData("[::1]:80", true)]
    public async Task Only_names_of_this_machine_are_answered(string host, bool isAnswered)
    {
        await using var dashboard = await DashboardFixture.StartAsync();
        using var client = dashboard.Client();

        using var answer = await client.SendAsync(HttpMethod.Get, "/healthz", request =>
        {
            request.Headers.TryAddWithoutValidation("Host", host);
            request.Headers.Add("X-Forwarded-Host", "127.0.0.1");
        });

        Assert.Equal(isAnswered, answer.StatusCode == HttpStatusCode.OK);
        Assert.Equal(!isAnswered, answer.StatusCode is HttpStatusCode.MisdirectedRequest or HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Behind_a_token_a_server_of_all_addresses_answers_by_any_name()
    {
        await using var dashboard = await DashboardFixture.StartAsync(Token, "http://0.0.0.0:0");
        using var client = new DashboardClient(new Uri($"http://127.0.0.1:{dashboard.Address.Port}"), Token);

        using var answer = await client.SendAsync(HttpMethod.Get, "/healthz", request => request.Headers.Host = "pipeline.example.org");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task No_form_of_another_site_does_anything()
    {
        await using var dashboard = await DashboardFixture.StartAsync();
        using var client = dashboard.Client();
        var actions = Addresses(dashboard).Where(route => route.Method == "POST" && route.Path != Access.Login).ToList();
        Assert.True(actions.Count >= AllActions.List.Count);

        foreach (var (_, path) in actions)
        {
            using var answer = await client.PostAloneAsync(path, ("selection", "spotify"));
            Assert.Equal((path, HttpStatusCode.BadRequest), (path, answer.StatusCode));
        }

        Assert.Empty(dashboard.Data.Launcher.Running);
    }

    [Fact]
    public async Task Every_answer_forbids_inline_and_foreign_scripts()
    {
        await using var dashboard = await DashboardFixture.StartAsync(Token);
        foreach (var bearer in new[] { Token, null })
        {
            using var client = dashboard.Client(bearer);
            foreach (var (method, path) in Addresses(dashboard))
            {
                using var answer = await client.SendAsync(new HttpMethod(method), path);
                Check(path, answer);
            }

            using var foreign = await client.SendAsync(HttpMethod.Get, "/", request => request.Headers.Host = "evil.example");
            Check("foreign", foreign);
        }

        static void Check(string path, HttpResponseMessage answer)
        {
            var policy = answer.Headers.TryGetValues(Policy, out var values) ? string.Join(';', values) : "";
            Assert.True(policy.Contains("default-src 'none'") && policy.Contains("script-src 'self'") && policy.Contains("frame-ancestors 'none'"), path);
            Assert.DoesNotContain("unsafe", policy);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        }
    }

    [Theory]
    [InlineData("http://0.0.0.0:8321")]
    [InlineData("http://192.0.2.1:8321")]
    [InlineData("http://[::]:8321")]
    [InlineData("http://pipeline.example.org:8321")]
    public void Other_machines_reach_nothing_without_a_token(string url)
    {
        var error = Assert.Throws<PipelineException>(() => ServeOptions.Read(url, _ => null));

        Assert.Equal(ExitCode.InvalidConfiguration, error.Code);
        Assert.Contains("PIPELINE_TOKEN_FILE", error.Message);
        Assert.Equal(Token, ServeOptions.Read(url, name => name == "PIPELINE_TOKEN" ? Token : null).Token);
    }

    [Fact]
    public void A_token_comes_from_a_file_before_the_variable_and_a_short_one_is_refused()
    {
        using var folder = new TempFolder();
        var file = folder.Write("token", $"{Token}\n");

        Assert.Equal(Token, Read(("PIPELINE_TOKEN_FILE", file), ("PIPELINE_TOKEN", "another-one-of-enough-letters")));
        Assert.Contains("at least 16", Assert.Throws<PipelineException>(() => Read(("PIPELINE_TOKEN", "short"))).Message);
        Assert.Contains("names /nowhere", Assert.Throws<PipelineException>(() => Read(("PIPELINE_TOKEN_FILE", "/nowhere"))).Message);

        static string? Read(params (string Name, string Value)[] variables) =>
            ServeOptions.Read(null, name => variables.FirstOrDefault(variable => variable.Name == name).Value).Token;
    }

    [Fact]
    public void There_is_no_option_that_takes_a_token()
    {
        using var cli = new CliFixture();

        Assert.Equal(ExitCode.Usage, cli.Run("serve", "--token", Token).Code);
        Assert.Equal(ExitCode.InvalidConfiguration, cli.Run("serve", "--urls", "http://0.0.0.0:0").Code);
    }

    /// <summary>Every route with something in the place of its parts.</summary>
    static IReadOnlyList<(string Method, string Path)> Addresses(DashboardFixture dashboard) =>
    [
        .. dashboard.Routes.SelectMany(route => (route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method =>
            (method, "/" + string.Join('/', route.RoutePattern.PathSegments.Select(segment =>
                segment.Parts is [Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal] ? literal.Content : "x"))))),
    ];
}
