using System.CommandLine;
using Pipeline.Host.Dashboard;
using Pipeline.Host.Serving;
using Pipeline.Stages;

namespace Pipeline.Host.Commands;

/// <summary>`serve`: the dashboard, and the runs that it starts, until it is told to stop.</summary>
static class ServeCommand
{
    /// <summary>How long running stages have to write a checkpoint; the whole stop takes 10 s.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(8);

    public static Command Create(CliContext context, CommonOptions common)
    {
        var urls = new Option<string?>("--urls") { Description = $"Address of the dashboard. Default: {ServeOptions.DefaultUrl}. Any but this machine's own needs a token in PIPELINE_TOKEN or PIPELINE_TOKEN_FILE.", HelpName = "URL" };
        var command = new Command("serve", "Show the dashboard, and run what is triggered there.") { urls };
        command.SetAction(async (parsed, cancellation) =>
        {
            var values = common.Read(parsed);
            var session = new Session(context, values);
            var options = ServeOptions.Read(parsed.GetValue(urls), Environment.GetEnvironmentVariable);
            using var log = new ServeLog(context.Error, context.IsErrorTerminal, values.IsQuiet, context.Clock);
            var launcher = new RunLauncher(Place(session, values), context.CurrentFolder, context.Clock, log);
            var ledger = new LedgerIndex(session.Data, context.Clock);
            await using var server = DashboardServer.Create(new DashboardData(session, ledger, launcher), options, log);
            await server.StartAsync(cancellation);
            var address = server.Urls.First();
            session.Output.Json(new { url = address });
            session.Output.Line($"Dashboard: {address}");
            log.Note("serving", ("url", address), ("data", session.Data.Path), ("pid", Environment.ProcessId));
            await Task.WhenAll(LookAfter(session, ledger, launcher, log, cancellation));
            log.Note("stopping", ("runs", launcher.Running.Count));
            await Task.WhenAll(launcher.StopAsync(Grace), server.StopAsync(CancellationToken.None));
            log.Note("stopped");
            return (int)ExitCode.Ok;
        });
        return command;
    }

    /// <summary>What goes on until the server is told to stop.</summary>
    static IEnumerable<Task> LookAfter(Session session, LedgerIndex ledger, RunLauncher launcher, ServeLog log, CancellationToken cancellation)
    {
        var keeper = new RunKeeper(ledger, launcher, session.Configuration.Value.Serve.ResumeCrashed, log);
        yield return Rounds.RepeatAsync(
            "going on with crashed runs",
            _ =>
            {
                keeper.Visit();
                return Task.CompletedTask;
            },
            log, session.Clock, cancellation);
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
