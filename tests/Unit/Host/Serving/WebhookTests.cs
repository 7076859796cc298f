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
    public async Task A_night_that_could_not_begin_and_the_recovery_after_it_are_told_once_each_with_a_signature()
    {
        await using var receiver = await Receiver.StartAsync();
        var due = TimeProvider.System.GetUtcNow().AddMinutes(-5);
        var skipped = new LedgerEntry { Event = LedgerEvent.ScheduleSkipped, Schedule = "nightly", Due = due, Reason = "it could not begin: No room.", Exit = ExitCode.OutOfSpace };
        ledger.Append(skipped);
        // Another server on the same data could not begin it either.
        ledger.Append(skipped);
        // What the schedule asks for may have been the fault.
        var recovered = Run(ExitCode.Ok, "other", schedule: "nightly");
        Run(ExitCode.Ok, "other", schedule: "nightly");
        Run(ExitCode.Ok, "other");

        var webhook = Create(receiver.Address);
        await webhook.VisitAsync(CancellationToken.None);
        await webhook.VisitAsync(CancellationToken.None);
        await Create(receiver.Address).VisitAsync(CancellationToken.None);

        Assert.Equal([$"nightly/{due.UtcDateTime:yyyy-MM-ddTHH:mm:ss.FFFFFFF}Z/failure", $"{recovered}/recovery"], receiver.All.Select(each => each.Headers["X-Pipeline-Delivery"]));
        var told = receiver.All[0];
        Assert.Equal($"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Key), told.Body))}", told.Headers["X-Pipeline-Signature"]);
        Assert.Equal("failure", told.Headers["X-Pipeline-Event"]);
        var body = JsonDocument.Parse(told.Body).RootElement;
        Assert.Equal(("failure", "notStarted", "nightly"), (body.GetProperty("event").GetString(), body.GetProperty("state").GetString(), body.GetProperty("schedule").GetString()));
        Assert.Equal((JsonValueKind.Null, 7, "it could not begin: No room."), (body.GetProperty("run").ValueKind, body.GetProperty("exitCode").GetInt32(), body.GetProperty("message").GetString()));
        Assert.Equal((due, "https://pipeline.example.org/"), (body.GetProperty("due").GetDateTimeOffset(), body.GetProperty("url").GetString()));
    }

    [Fact]
    public async Task Each_start_that_a_person_asked_for_and_that_failed_is_told()
    {
        await using var receiver = await Receiver.StartAsync();
        for (var i = 0; i < 2; i++)
            ledger.Append(new LedgerEntry { Event = LedgerEvent.ScheduleSkipped, Schedule = "nightly", Exit = ExitCode.InvalidConfiguration });

        await Create(receiver.Address).VisitAsync(CancellationToken.None);
        await Create(receiver.Address).VisitAsync(CancellationToken.None);

        Assert.Equal(2, receiver.All.Select(each => each.Headers["X-Pipeline-Delivery"]).Distinct().Count());
        Assert.Equal(2, receiver.All.Count);
    }

    [Fact]
    public async Task A_night_that_was_skipped_on_purpose_is_no_failure()
    {
        await using var receiver = await Receiver.StartAsync();
        ledger.Append(new LedgerEntry { Event = LedgerEvent.ScheduleSkipped, Schedule = "nightly", Due = TimeProvider.System.GetUtcNow(), Reason = "it is paused" });
        Run(ExitCode.Ok, "night", schedule: "nightly");

        await Create(receiver.Address).VisitAsync(CancellationToken.None);

        Assert.Empty(receiver.All);
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
        ledger.Append(new LedgerEntry { Event = LedgerEvent.ScheduleSkipped, Schedule = "nightly", Exit = ExitCode.OutOfSpace });
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

    string Run(ExitCode exit, string selection, string? message = null, string? schedule = null)
    {
        var run = ledger.Begin(Started(selection) with { Schedule = schedule });
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
