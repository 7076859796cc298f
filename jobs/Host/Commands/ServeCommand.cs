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
        command.SetAction(async (parsed, cancellation) =>
        {
            var values = common.Read(parsed);
            var session = new Session(context, values);
            var options = ServeOptions.Read(parsed.GetValue(urls), Environment.GetEnvironmentVariable);
            var launcher = new RunLauncher(Place(session, values), context.CurrentFolder, context.Clock);
            var ledger = new LedgerIndex(session.Data, context.Clock);
            var book = new ScheduleBook(context, values);
            book.Check();
            var scheduler = new QuartzScheduler(
                book.Entries, new Ledger(session.Data, context.Clock), ledger, context.Clock, (fire, stop) => launcher.RunAsync(new RunOrder { Fire = fire }, stop));
            await using var server = DashboardServer.Create(new DashboardData(session, ledger, launcher, book, scheduler), options);
            await server.StartAsync(cancellation);
            await scheduler.StartAsync(cancellation);
            var address = server.Urls.First();
            session.Output.Json(new { url = address });
            session.Output.Line($"Dashboard: {address}");
            session.Output.Note($"Data in {session.Data.Path}. Ctrl-C stops, within 10 s.");
            await WaitAsync(cancellation);
            await Task.WhenAll(scheduler.DisposeAsync().AsTask(), launcher.StopAsync(Grace), server.StopAsync(CancellationToken.None));
            return (int)ExitCode.Ok;
        });
        return command;
    }

    static Task WaitAsync(CancellationToken cancellation)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cancellation.Register(ended.SetResult);
        return ended.Task;
    }

    /// <summary>Where children find what this process sees.</summary>
    static IReadOnlyList<string> Place(Session session, CommonValues values) =>
    [
        "--data", session.Data.Path,
        .. session.Configuration.File is { } file ? [CommonOptions.Config, file] : Array.Empty<string>(),
        .. values.Threads is { } threads ? ["--threads", $"{threads}"] : Array.Empty<string>(),
        .. session.Configuration.Settings.SelectMany(setting => (IEnumerable<string>)["--set", setting]),
    ];
}
