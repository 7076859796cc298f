using System.CommandLine;
using Pipeline.Host.Workers;
using Pipeline.Stages;

namespace Pipeline.Host.Commands;

/// <summary>`work`: does units of other machines' runs until it is stopped.</summary>
static class WorkCommand
{
    // Renewing a lease must not wait for a thread that computes.
    const int SpareThreads = 4;

    public static Command Create(CliContext context, CommonOptions common)
    {
        var store = Arguments.Store();
        var name = new Option<string?>("--name") { Description = "What others see this worker as. Default: host and process.", HelpName = "NAME" };
        var command = new Command("work", "Do a share of the work of runs that were started with --store, until stopped.") { store, name };
        command.SetAction(async (parsed, cancellation) =>
        {
            var session = new Session(context, common.Read(parsed));
            var address = session.Store(parsed.GetValue(store))
                ?? throw new PipelineException(ExitCode.Usage, "A worker needs --store postgres://USER@HOST/DB, or 'store.url' in pipeline.json.");
            if (!Directory.Exists(session.Data.Path))
            {
                throw new PipelineException(ExitCode.InputMissing, $"There is no data root {session.Data.Path}. Name the folder that the machines share: --data DIR");
            }

            ThreadPool.GetMinThreads(out var workers, out var ports);
            ThreadPool.SetMinThreads(Math.Max(workers, session.Threads + SpareThreads), ports);
            var host = Environment.MachineName;
            var settings = new WorkerSettings(
                new WorkerName(parsed.GetValue(name) ?? $"{host}-{Environment.ProcessId}", host, Environment.ProcessId), session.Data.Path, session.Threads, RunExecution.Identity);
            var worker = new Worker(settings, address, context.Datasets, session.Clock, session.Output.Note);
            await worker.RunAsync(cancellation);
            session.Output.Json(new { worker = settings.Name.Name, units = worker.Published });
            session.Output.Line($"{settings.Name.Name} did {worker.Published} units.");
            return (int)context.CancelledBy();
        });
        return command;
    }
}
