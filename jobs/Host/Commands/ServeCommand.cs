using System.CommandLine;
using Pipeline.Host.Dashboard;
using Pipeline.Host.Schedule;
using Pipeline.Host.Serving;
using Pipeline.Stages;

namespace Pipeline.Host.Commands;

/// <summary>`serve`: the schedules, the dashboard, and the runs that they start, until it is told to stop.</summary>
static class ServeCommand
{
    /// <summary>How long running stages have to write a checkpoint; the whole stop takes 10 s.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(8);

    public static Command Create(CliContext context, CommonOptions common)
    {
        var urls = new Option<string?>("--urls") { Description = $"Address of the dashboard. Default: {ServeOptions.DefaultUrl}. Any but this machine's own needs a token in PIPELINE_TOKEN or PIPELINE_TOKEN_FILE.", HelpName = "URL" };
        var command = new Command("serve", "Run what the schedules say, and show the dashboard.") { urls };
        var additions = new SchedulerOption();
        additions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var values = common.Read(parsed);
            var session = new Session(context, values);
            var options = ServeOptions.Read(parsed.GetValue(urls), Environment.GetEnvironmentVariable);
            var secret = Secret.Read(Environment.GetEnvironmentVariable, Webhook.SecretVariable);
            var webhook = session.Configuration.Value.Serve.Webhook.At(Secret.Read(Environment.GetEnvironmentVariable, Webhook.UrlVariable));
            using var log = new ServeLog(context.Log, context.IsErrorTerminal, values.IsQuiet, context.Clock);
            var ledger = new LedgerIndex(session.Data, context.Clock);
            var launcher = new RunLauncher(Place(session, values), context.CurrentFolder, ledger, context.Clock, log);
            var book = new ScheduleBook(context, values);
            book.Check();
            var kind = additions.Read(parsed);
            var scheduler = kind.Create(new SchedulerParts(
                book.Entries, new Ledger(session.Data, context.Clock), ledger, context.Clock, (fire, stop) => launcher.RunAsync(new RunOrder { Fire = fire }, stop)));
            var data = new DashboardData(session, ledger, launcher, book, scheduler);
            await using var server = DashboardServer.Create(data, options, log);
            kind.Map(server, scheduler);
            await DashboardServer.ListenAsync(server, options, cancellation);
            await scheduler.StartAsync(cancellation);
            var address = server.Urls.First();
            session.Output.Json(new { url = address });
            session.Output.Line($"Dashboard: {address}");
            log.Note("serving", ("url", address), ("data", session.Data.Path), ("pid", Environment.ProcessId));
            await LookAfterAsync(data, address, webhook, secret, log, cancellation);
            log.Note("stopping", ("runs", launcher.Running.Count));
            // The launcher first: from then on what the scheduler cancels is no person's cancellation.
            await Task.WhenAll(launcher.StopAsync(Grace), scheduler.DisposeAsync().AsTask(), server.StopAsync(CancellationToken.None));
            log.Note("stopped");
            return (int)ExitCode.Ok;
        });
        return command;
    }

    /// <summary>What goes on until the server is told to stop.</summary>
    /// <param name="address">Where the dashboard listens.</param>
    /// <param name="told">The webhook, with the address that holds.</param>
    /// <param name="secret">Of the webhook; null if it has none.</param>
    static async Task LookAfterAsync(DashboardData data, string address, WebhookOptions told, string? secret, ServeLog log, CancellationToken cancellation)
    {
        var (session, options) = (data.Session, data.Session.Configuration.Value.Serve);
        var keeper = new RunKeeper(data.Ledger, data.Launcher, options.ResumeCrashed, log);
        var keeping = Task.WhenAll(
            Rounds.RepeatAsync("going on with crashed runs", _ => keeper.VisitAsync(), log, session.Clock, cancellation),
            Rounds.RepeatAsync("looking after the schedules", _ => CheckAsync(data), log, session.Clock, cancellation));
        if (told.Url is null)
        {
            await keeping;
            return;
        }

        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        var webhook = new Webhook(told, secret, options.PublicUrl ?? address, data.Ledger, new Ledger(session.Data, session.Clock), client, log, session.Clock);
        await Task.WhenAll(keeping, Rounds.RepeatAsync("telling the webhook", webhook.VisitAsync, log, session.Clock, cancellation));
    }

    /// <exception cref="PipelineException">A schedule cannot go on.</exception>
    static Task CheckAsync(DashboardData data) =>
        data.Schedules.Entries.Select(entry => (entry.Name, Trouble: data.Scheduler.TroubleOf(entry.Name))).FirstOrDefault(each => each.Trouble is not null) is { Name: { } name } troubled
            ? throw new PipelineException(ExitCode.StageFailed, $"schedule {name}: {troubled.Trouble}")
            : Task.CompletedTask;

    /// <summary>Where children find what this process sees.</summary>
    static IReadOnlyList<string> Place(Session session, CommonValues values) =>
    [
        "--data", session.Data.Path,
        .. session.Configuration.File is { } file ? [CommonOptions.Config, file] : Array.Empty<string>(),
        .. values.Threads is { } threads ? ["--threads", $"{threads}"] : Array.Empty<string>(),
        .. session.Configuration.Settings.SelectMany(setting => (IEnumerable<string>)["--set", setting]),
    ];
}
