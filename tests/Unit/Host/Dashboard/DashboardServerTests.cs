using System.Net;
using System.Net.Sockets;
using System.Text;
using Pipeline.Host.Dashboard;
using Pipeline.Stages;

namespace Pipeline.Unit.Host.Dashboard;

/// <summary>What the server answers to requests that no page of its own makes, and when the machine refuses.</summary>
public class DashboardServerTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/runs")]
    [InlineData("/login")]
    [InlineData("/healthz")]
    [InlineData("/metrics")]
    [InlineData("/events")]
    [InlineData(DashboardAssets.Sheet)]
    public async Task HEAD_says_what_GET_says_without_the_content(string path)
    {
        await using var dashboard = await DashboardFixture.StartAsync();
        using var client = dashboard.Client();
        using var get = await client.GetAsync(path);

        using var head = await client.SendAsync(HttpMethod.Head, path);

        Assert.Equal((HttpStatusCode.OK, get.Content.Headers.ContentType), (head.StatusCode, head.Content.Headers.ContentType));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_wrong_method_is_not_allowed_and_the_answer_names_the_right_ones()
    {
        await using var dashboard = await DashboardFixture.StartAsync();
        using var client = dashboard.Client();
        foreach (var (method, path, allowed) in new[] { ("POST", "/", "GET"), ("DELETE", "/runs", "POST"), ("TRACE", "/metrics", "HEAD"), ("GET", "/schedules/x/pause", "POST") })
        {
            using var answer = await client.SendAsync(new HttpMethod(method), path);
            Assert.Equal((path, HttpStatusCode.MethodNotAllowed), (path, answer.StatusCode));
            Assert.Contains(allowed, answer.Content.Headers.Allow);
        }
    }

    [Theory]
    [InlineData("/nothing")]
    [InlineData("/nothing.html")]
    public async Task What_there_is_not_is_a_page_that_says_so_whatever_its_name(string path)
    {
        await using var dashboard = await DashboardFixture.StartAsync();
        using var client = dashboard.Client();

        using var answer = await client.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains($"There is no page {path}.", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", "token=%00")]
    [InlineData("application/x-www-form-urlencoded; charset=utf-7", "token=1")]
    [InlineData("multipart/form-data", "no boundary")]
    [InlineData("multipart/form-data; boundary=x", "cut short")]
    public async Task A_form_that_cannot_be_read_is_its_senders_mistake_and_no_defect(string type, string body)
    {
        await using var dashboard = await DashboardFixture.StartAsync();
        using var client = dashboard.Client();
        foreach (var path in new[] { Access.Login, "/runs" })
        {
            using var answer = await PostAsync(client, path, type, body);
            Assert.Equal((path, HttpStatusCode.BadRequest), (path, answer.StatusCode));
            Assert.Contains(SentForm.Unreadable, await answer.Content.ReadAsStringAsync());
        }

        Assert.Equal("", dashboard.Log.ToString());
    }

    [Fact]
    public async Task A_form_of_thousands_of_fields_is_refused_and_a_very_long_one_too()
    {
        await using var dashboard = await DashboardFixture.StartAsync();
        using var client = dashboard.Client();

        using var many = await PostAsync(client, Access.Login, "application/x-www-form-urlencoded", string.Join('&', Enumerable.Range(0, 2000).Select(i => $"f{i}=1")));
        using var large = await PostAsync(client, Access.Login, "application/x-www-form-urlencoded", $"secret={new string('a', 100_000)}");

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.RequestEntityTooLarge), (many.StatusCode, large.StatusCode));
        Assert.Equal("", dashboard.Log.ToString());
    }

    [Fact]
    public async Task A_ledger_that_cannot_be_read_is_no_defect_and_when_it_can_be_again_nothing_has_to_be_restarted()
    {
        await using var dashboard = await DashboardFixture.StartAsync();
        dashboard.Ledger.Begin(new LedgerEntry { Event = LedgerEvent.RunStarted, Datasets = ["toy"], Selection = ["toy"] });
        using var client = dashboard.Client();
        using (new UnreadableFile(dashboard.Ledger.Path))
        {
            foreach (var path in new[] { "/", "/runs", "/metrics", "/readyz" })
            {
                using var answer = await client.GetAsync(path);
                Assert.Equal((path, HttpStatusCode.ServiceUnavailable), (path, answer.StatusCode));
                if (path == "/runs")
                {
                    var page = await answer.Content.ReadAsStringAsync();
                    Assert.Contains("ledger.jsonl", page);
                    Assert.Contains("pipeline doctor", page);
                }
            }

            using var events = await client.GetAsync("/events");
            Assert.Equal(HttpStatusCode.OK, events.StatusCode);
        }

        Assert.Contains("1 run", await client.TextAsync("/runs"));
        Assert.DoesNotContain("\"exception\"", dashboard.Log.ToString());
    }

    [Fact]
    public async Task Who_listens_to_events_stays_while_the_ledger_cannot_be_read_and_hears_of_it_when_it_can_be_again()
    {
        await using var dashboard = await DashboardFixture.StartAsync();
        dashboard.Ledger.Append(new LedgerEntry { Event = LedgerEvent.SchedulePaused, Schedule = "x" });
        using var client = dashboard.Client();
        using var events = await client.GetAsync("/events");
        using var reader = new StreamReader(await events.Content.ReadAsStreamAsync());
        await Changed();
        using (new UnreadableFile(dashboard.Ledger.Path))
        {
            // Its round comes by twice a second: a page that is asked for meanwhile says that it cannot be read.
            using var page = await client.GetAsync("/runs");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, page.StatusCode);
        }

        dashboard.Ledger.Append(new LedgerEntry { Event = LedgerEvent.ScheduleResumed, Schedule = "x" });
        await Changed();

        async Task Changed()
        {
            // A liveness limit, far beyond the half second that it takes.
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            while (await reader.ReadLineAsync(limit.Token) is { } line)
            {
                if (line == "event: changed")
                {
                    return;
                }
            }

            Assert.Fail("The stream has ended.");
        }
    }

    [Fact]
    public async Task Who_opens_very_many_connections_does_not_get_them_all()
    {
        await using var dashboard = await DashboardFixture.StartAsync();
        var held = new List<TcpClient>();
        try
        {
            var ends = new List<Task<int>>();
            for (var i = 0; i < 600; i++)
            {
                var connection = new TcpClient();
                held.Add(connection);
                await connection.ConnectAsync(IPAddress.Loopback, dashboard.Address.Port);
                ends.Add(EndAsync(connection));
            }

            // A liveness limit: a connection beyond the limit is closed at once, an idle one after two minutes.
            Assert.Equal(0, await await Task.WhenAny(ends).WaitAsync(TimeSpan.FromMinutes(1)));
        }
        finally
        {
            held.ForEach(connection => connection.Dispose());
        }

        static async Task<int> EndAsync(TcpClient connection)
        {
            try
            {
                return await connection.GetStream().ReadAsync(new byte[1]);
            }
            catch (Exception error) when (error is IOException or ObjectDisposedException)
            {
                return 0;
            }
        }
    }

    [Fact]
    public async Task A_name_that_is_not_its_own_is_told_which_is()
    {
        await using var dashboard = await DashboardFixture.StartAsync(url: "http://127.0.0.1:0");
        using var client = dashboard.Client();

        using var answer = await client.SendAsync(HttpMethod.Get, "/", request => request.Headers.Host = "pipeline.example.org");

        Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
        Assert.Contains("Ask for http://127.0.0.1:0", await answer.Content.ReadAsStringAsync());
    }

    static async Task<HttpResponseMessage> PostAsync(DashboardClient client, string path, string type, string body) => await client.SendAsync(HttpMethod.Post, path, request =>
    {
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
    });
}
