using Microsoft.AspNetCore.Builder;
using Pipeline.Host.Schedule;
using Pipeline.Ingest.Parquet;
using Pipeline.Models;
using Pipeline.Stages;

namespace Pipeline.Host;

/// <summary>What a build has beside the default: a partial method for each seam, which a file of integrations/ fills in where its switch is on, and which is else nothing.</summary>
static partial class Additions
{
    /// <summary>The default first.</summary>
    public static IReadOnlyList<ITableFormat> TableFormats { get; } = Formats();

    /// <summary>Without the default.</summary>
    public static IReadOnlyList<EngineKind> Engines { get; } = Kinds();

    /// <summary>The stages, with the training on an engine.</summary>
    /// <param name="engine">Null for our own.</param>
    public static IReadOnlyList<IStage> On(IEngine? engine, IReadOnlyList<IStage> stages) =>
        engine is null ? stages : [.. stages.Select(stage => stage is TrainStage training ? training.On(engine) : stage)];

    /// <summary>Without the default.</summary>
    public static IReadOnlyList<SchedulerKind> Schedulers { get; } = Clocks();

    static List<ITableFormat> Formats()
    {
        List<ITableFormat> all = [TableFormat.Own];
        AddTableFormats(all);
        return all;
    }

    static List<EngineKind> Kinds()
    {
        List<EngineKind> all = [];
        AddEngines(all);
        return all;
    }

    static List<SchedulerKind> Clocks()
    {
        List<SchedulerKind> all = [];
        AddSchedulers(all);
        return all;
    }

    static partial void AddTableFormats(List<ITableFormat> all);

    static partial void AddEngines(List<EngineKind> all);

    static partial void AddSchedulers(List<SchedulerKind> all);
}

/// <param name="Name">As `--engine` takes it.</param>
/// <param name="Open">Makes it for a device, or throws a <see cref="PipelineException"/> that says why there is none.</param>
sealed record EngineKind(string Name, Func<string, IEngine> Open);

/// <param name="Name">As `serve --scheduler` takes it.</param>
/// <param name="Create">Not yet started.</param>
/// <param name="Map">Adds its own pages to the server, before that is started.</param>
sealed record SchedulerKind(string Name, Func<SchedulerParts, IScheduler> Create, Action<WebApplication, IScheduler> Map);

/// <summary>What every scheduler is made of: see <see cref="QuartzScheduler"/>.</summary>
sealed record SchedulerParts(IReadOnlyList<ScheduleEntry> Schedules, Ledger Ledger, LedgerIndex Index, TimeProvider Clock, Func<Fire, CancellationToken, Task> Run);
