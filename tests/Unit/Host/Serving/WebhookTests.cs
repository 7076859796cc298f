using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pipeline.Host.Serving;
using Pipeline.Stages;

namespace Pipeline.Unit.Host.Serving;

/// <summary>Who is told of failures and recoveries, when, and how often.</summary>
public sealed class WebhookTests : IDisposable
{
    const string Key = "a-secret-of-enough-letters";

    readonly TempFolder folder = new();
    readonly StringWriter log = new();
    readonly HttpClient client = new();
    readonly Ledger ledger;
    readonly DataRoot root;

    public WebhookTests()
    {
        root = new DataRoot(folder.Path);
        ledger = new Ledger(root, TimeProvider.System);
    }

    public void Dispose()
    {
        client.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task A_failure_and_the_recovery_after_it_are_told_once_each_with_a_signature()
    {
        await using var receiver = await Receiver.StartAsync();
        Run(ExitCode.Ok, "other");
        var failed = Run(ExitCode.CheckFailed, "night", "No rows.");
        Run(ExitCode.Ok, "other");
        Run(ExitCode.Cancelled, "night");
        var recovered = Run(ExitCode.Ok, "night");
        Run(ExitCode.Ok, "night");

        var webhook = Create(receiver.Address);
        await webhook.VisitAsync(CancellationToken.None);
        await webhook.VisitAsync(CancellationToken.None);
        await Create(receiver.Address).VisitAsync(CancellationToken.None);

        Assert.Equal([$"{failed}/failure", $"{recovered}/recovery"], receiver.All.Select(each => each.Headers["X-Pipeline-Delivery"]));
        var told = receiver.All[0];
        Assert.Equal($"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Key), told.Body))}", told.Headers["X-Pipeline-Signature"]);
        var body = JsonDocument.Parse(told.Body).RootElement;
        Assert.Equal(("failure", failed, "failed"), (body.GetProperty("event").GetString(), body.GetProperty("run").GetString(), body.GetProperty("state").GetString()));
        Assert.Equal(("toy/stage", "No rows."), (body.GetProperty("stage").GetString(), body.GetProperty("message").GetString()));
        Assert.Equal($"https://pipeline.example.org/runs/{failed}", body.GetProperty("url").GetString());
        Assert.Equal("toy", Assert.Single(body.GetProperty("datasets").EnumerateArray()).GetString());
    }

    [Fact]
    public async Task A_crashed_run_is_a_failure()
    {
        await using var receiver = await Receiver.StartAsync();
        ledger.Begin(Started("night"));

        await Create(receiver.Address).VisitAsync(CancellationToken.None);

        Assert.Equal("crashed", JsonDocument.Parse(Assert.Single(receiver.All).Body).RootElement.GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_receiver_that_is_busy_is_asked_again_and_one_that_refuses_is_not()
    {
        await using var busy = await Receiver.StartAsync(HttpStatusCode.ServiceUnavailable);
        await using var refusing = await Receiver.StartAsync(HttpStatusCode.Forbidden);
        Run(ExitCode.StageFailed, "night");

        var webhook = Create(refusing.Address);
        await webhook.VisitAsync(CancellationToken.None);
        await webhook.VisitAsync(CancellationToken.None);
        Assert.Single(refusing.All);
        Assert.Contains("webhook failed", log.ToString());

        // Not told yet, so the next server tells it.
        await Create(busy.Address).VisitAsync(CancellationToken.None);
        Assert.Equal(2, busy.All.Count);
        Assert.Equal(busy.All[0].Body, busy.All[1].Body);
        Assert.Contains(ledger.Read().Entries, entry => entry.Event == LedgerEvent.WebhookSent);
    }

    [Fact]
    public async Task Only_what_was_asked_for_is_told_and_old_runs_are_no_news()
    {
        await using var receiver = await Receiver.StartAsync();
        Run(ExitCode.StageFailed, "night");
        await Create(receiver.Address, on: [WebhookEvent.Recovery]).VisitAsync(CancellationToken.None);
        await Create(receiver.Address, clock: new Later(TimeSpan.FromHours(25))).VisitAsync(CancellationToken.None);

        Assert.Empty(receiver.All);
    }

    [Fact]
    public async Task No_secret_is_in_the_log_or_the_body()
    {
        await using var receiver = await Receiver.StartAsync(HttpStatusCode.Forbidden);
        Run(ExitCode.StageFailed, "night");

        await Create($"{receiver.Address}/hook?key=in-the-address").VisitAsync(CancellationToken.None);

        Assert.DoesNotContain(Key, log.ToString() + Encoding.UTF8.GetString(receiver.All[0].Body));
        Assert.DoesNotContain("in-the-address", log.ToString());
    }

    Webhook Create(string url, IReadOnlyList<WebhookEvent>? on = null, TimeProvider? clock = null) => new(
        new WebhookOptions { Url = url, On = on ?? [WebhookEvent.Failure, WebhookEvent.Recovery] }, Key, "https://pipeline.example.org/", new LedgerIndex(root, TimeProvider.System), ledger, client,
        new ServeLog(log, isTerminal: false, isQuiet: false, TimeProvider.System), clock ?? TimeProvider.System);

    string Run(ExitCode exit, string selection, string? message = null)
    {
        var run = ledger.Begin(Started(selection));
        ledger.Append(new LedgerEntry { Event = LedgerEvent.StageStarted, Run = run, Stage = "toy/stage" });
        var what = exit == ExitCode.Ok ? LedgerEvent.StageFinished : exit == ExitCode.Cancelled ? LedgerEvent.StageCancelled : LedgerEvent.StageFailed;
        ledger.Append(new LedgerEntry { Event = what, Run = run, Stage = "toy/stage", Message = message });
        ledger.Append(new LedgerEntry { Event = LedgerEvent.RunFinished, Run = run, Exit = exit });
        return run;
    }

    static LedgerEntry Started(string selection) => new() { Event = LedgerEvent.RunStarted, Datasets = ["toy"], Selection = [selection], Pid = 1 };

    sealed class Later(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
