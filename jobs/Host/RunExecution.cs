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

    /// <param name="publishTo">See <see cref="RunRequest.PublishTo"/>.</param>
    public static async Task<ExitCode> RunAsync(
        Session session,
        IReadOnlyList<string> selection,
        bool isForced,
        bool keepsGoing,
        Func<ExitCode> cancelledBy,
        CancellationToken cancellation,
        RunCause? cause = null,
        int timeoutMinutes = 0,
        string? publishTo = null,
        string? store = null)
    {
        var (result, rows) = await ExecuteAsync(
            session, selection, isForced, keepsGoing, cancelledBy, cancellation, cause: cause, timeoutMinutes: timeoutMinutes, publishTo: publishTo, store: store);
        RunSummary.Print(session, result, rows);
        return result.Exit;
    }

    /// <summary>The same without a word about what came of it.</summary>
    /// <param name="experiment">Its name where the run is an experiment's; null for none.</param>
    /// <param name="cause">What asked for the run; null for a person's command line.</param>
    /// <param name="timeoutMinutes">How long the run may take; 0 for no limit.</param>
    /// <param name="store">Address of the store that shares the work; null for that of pipeline.json, if there is one.</param>
    public static async Task<(RunResult Result, IReadOnlyList<StageRow> Rows)> ExecuteAsync(
        Session session,
        IReadOnlyList<string> selection,
        bool isForced,
        bool keepsGoing,
        Func<ExitCode> cancelledBy,
        CancellationToken cancellation,
        string? experiment = null,
        RunCause? cause = null,
        int timeoutMinutes = 0,
        string? publishTo = null,
        string? store = null)
    {
        var configuration = session.Configuration;
        if (configuration.File is null)
        {
            session.Output.Note($"No {LoadedConfiguration.FileName} here: all options have their defaults.");
        }

        var address = session.Store(store);
        Create(configuration.DataRoot);
        await using var sharing = address is null
            ? null
            : await StoreExecutor.OpenAsync(address, configuration.Value, Identity, session.Clock, session.Output.Note, cancellation);
        var request = new RunRequest
        {
            GoOn = experiment is null ? "pipeline resume" : $"pipeline experiment {experiment}",
            Graphs = session.Graphs(),
            Selection = selection,
            IsForced = isForced,
            KeepsGoing = keepsGoing,
            PublishTo = publishTo,
            Threads = session.Threads,
            Settings = configuration.Settings,
            Arguments = Arguments(configuration, selection, isForced, keepsGoing, address),
            ToolVersion = ToolVersion,
            Simd = SimdLevel.Name,
            Executor = sharing as IStageExecutor ?? new LocalExecutor(),
            CancelledBy = cancelledBy,
            Cause = cause,
            IsServed = ParentWatch.IsChild,
            Timeout = Minutes(timeoutMinutes),
            StageTimeout = Minutes(configuration.Value.StageTimeoutMinutes),
            StageRetries = configuration.Value.Retries,
            RequiresSpace = configuration.Value.RequireSpace,
        };
        using var view = experiment is null ? session.ProgressView() : new TotalView(session.ProgressView(), "all training", session.Clock);
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
    static IReadOnlyList<string> Arguments(
        LoadedConfiguration configuration, IReadOnlyList<string> selection, bool isForced, bool keepsGoing, StoreAddress? store) =>
    [
        "pipeline", "run", .. selection,
        .. isForced ? ["--force"] : Array.Empty<string>(),
        .. keepsGoing ? [RunCommand.KeepGoing] : Array.Empty<string>(),
        .. store is null ? Array.Empty<string>() : [Commands.Arguments.StoreName, store.Text],
        "--data", configuration.DataRoot,
        .. configuration.File is { } file ? [CommonOptions.Config, file] : Array.Empty<string>(),
        .. configuration.Settings.SelectMany(setting => (IEnumerable<string>)["--set", setting]),
    ];
}
