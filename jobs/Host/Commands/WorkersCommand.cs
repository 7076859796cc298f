using System.CommandLine;
using System.Globalization;
using Pipeline.Host.Terminal;
using Pipeline.Host.Workers;
using Pipeline.Stages;

namespace Pipeline.Host.Commands;

/// <summary>`workers`: who works on the runs of a store, and what waits.</summary>
static class WorkersCommand
{
    public static Command Create(CliContext context, CommonOptions common)
    {
        var store = Arguments.Store();
        var command = new Command("workers", "List the workers of a store, what each does, and what waits.") { store };
        command.SetAction(async (parsed, cancellation) =>
        {
            var session = new Session(context, common.Read(parsed));
            var address = session.Store(parsed.GetValue(store))
                ?? throw new PipelineException(ExitCode.Usage, "There is no store: name it with --store postgres://USER@HOST/DB, or as 'store.url' in pipeline.json.");
            await using var board = new WorkerBoard(address);
            var workers = await board.WorkersAsync(cancellation);
            var units = await board.UnitsAsync(run: null, cancellation);
            var waiting = units.Count(unit => unit.State == UnitState.Waiting);
            session.Output.Json(new { store = address.Text, workers, waiting, taken = units.Count - waiting });
            session.Output.Table(Columns, workers.Select(Row));
            session.Output.Line($"{waiting} units wait, {units.Count - waiting} are taken.");
            return (int)ExitCode.Ok;
        });
        return command;
    }

    /// <summary>A row of it for each worker.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["worker", "host", "pid ", "threads ", "state", "unit", "how far", "since", "last heard of"];

    public static IReadOnlyList<string> Row(WorkerRow worker) =>
    [
        worker.Name,
        worker.Host,
        worker.Pid.ToString(CultureInfo.InvariantCulture),
        worker.Threads.ToString(CultureInfo.InvariantCulture),
        !worker.IsAlive ? "silent" : worker.Unit is null ? "waits" : "works",
        worker.Unit?.Title ?? "",
        worker.Unit is { Total: > 0 } unit ? $"{Phrase.Count(unit.Done ?? 0)} of {Phrase.Count(unit.Total.Value)} {unit.Counted}" : "",
        Phrase.Time(worker.Unit?.Taken ?? worker.Started),
        Phrase.Time(worker.Heartbeat),
    ];
}
