using System.Reflection;
using Pipeline.Host.Commands;
using Pipeline.Host.Serving;
using Pipeline.Host.Telemetry;
using Pipeline.Host.Terminal;
using Pipeline.Host.Workers;
using Pipeline.Kernels.Simd;
using Pipeline.Stages;

namespace Pipeline.Host;

/// <summary>Runs what was selected and says what came of it: the common part of `run` and `resume`.</summary>
static class RunExecution
{
    static readonly string Build = typeof(RunExecution).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    static readonly string ToolVersion = Build.Split('+')[0];

    /// <summary>What machines must have in common to share a run.</summary>
    public static BuildIdentity Identity { get; } = new(Build, SimdLevel.Name);

    public static async Task<ExitCode> RunAsync(Session session, RunOptions options, CancellationToken cancellation)
    {
        var (result, rows) = await ExecuteAsync(session, options, cancellation);
        RunSummary.Print(session, result, rows);
        return result.Exit;
    }

    /// <summary>The same without a word about what came of it.</summary>
    public static async Task<(RunResult Result, IReadOnlyList<StageRow> Rows)> ExecuteAsync(Session session, RunOptions options, CancellationToken cancellation)
    {
        var configuration = session.Configuration;
        if (configuration.File is null)
        {
            session.Output.Note($"No {LoadedConfiguration.FileName} here: all options have their defaults.");
        }

        var address = session.Store(options.Store);
        Create(configuration.DataRoot);
        await using var sharing = address is null
            ? null
            : await StoreExecutor.OpenAsync(address, configuration.Value, Identity, session.Clock, session.Output.Note, cancellation);
        var request = new RunRequest
        {
            GoOn = options.Experiment is { } name ? $"pipeline experiment {name}" : "pipeline resume",
            Graphs = session.Graphs(),
            Selection = options.Selection,
            IsForced = options.IsForced,
            KeepsGoing = options.KeepsGoing,
            PublishTo = options.PublishTo,
            Threads = session.Threads,
            Settings = configuration.Settings,
            Arguments = Arguments(configuration, options, address),
            ToolVersion = ToolVersion,
            Simd = SimdLevel.Name,
            Executor = sharing as IStageExecutor ?? new LocalExecutor(),
            CancelledBy = session.CancelledBy,
            IsInterrupted = session.IsInterrupted,
            Cause = options.Cause,
            IsServed = ParentWatch.IsChild,
            Timeout = Minutes(options.TimeoutMinutes),
            StageTimeout = Minutes(configuration.Value.StageTimeoutMinutes),
            StageRetries = configuration.Value.Retries,
            RequiresSpace = configuration.Value.RequireSpace,
        };
        using var view = options.Experiment is null ? session.ProgressView() : new TotalView(session.ProgressView(), "all training", session.Clock);
        using var watcher = new RunWatcher(view, session.Data, session.Clock);
        using var telemetry = RunTelemetry.Start(Environment.GetEnvironmentVariable);
        var result = await new StageRunner(session.Data, session.Clock, new TracedRun(watcher)).RunAsync(request, cancellation);
        return (result, watcher.Rows);
    }

    static TimeSpan? Minutes(int count) => count > 0 ? TimeSpan.FromMinutes(count) : null;

    static void Create(string dataRoot)
    {
        try
        {
            Directory.CreateDirectory(dataRoot);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new PipelineException(ExitCode.InputMissing, $"The data root {dataRoot} cannot be made: {error.Message} Name another folder with --data DIR.", error);
        }
    }

    /// <summary>The command line that would do the same from any folder.</summary>
    static IReadOnlyList<string> Arguments(LoadedConfiguration configuration, RunOptions options, StoreAddress? store) =>
    [
        "pipeline", "run", .. options.Selection,
        .. options.IsForced ? ["--force"] : Array.Empty<string>(),
        .. options.KeepsGoing ? [RunCommand.KeepGoing] : Array.Empty<string>(),
        .. store is null ? Array.Empty<string>() : [Commands.Arguments.StoreName, store.Text],
        "--data", configuration.DataRoot,
        .. configuration.File is { } file ? [CommonOptions.Config, file] : Array.Empty<string>(),
        .. configuration.Settings.SelectMany(setting => (IEnumerable<string>)["--set", setting]),
    ];
}
