using System.Reflection;
using Pipeline.Host.Commands;
using Pipeline.Host.Serving;
using Pipeline.Host.Telemetry;
using Pipeline.Host.Terminal;
using Pipeline.Kernels.Simd;
using Pipeline.Stages;

namespace Pipeline.Host;

/// <summary>Runs what was selected and says what came of it: the common part of `run` and `resume`.</summary>
static class RunExecution
{
    static readonly string ToolVersion =
        typeof(RunExecution).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

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
        string? publishTo = null)
    {
        var (result, rows) = await ExecuteAsync(
            session, selection, isForced, keepsGoing, cancelledBy, cancellation, cause: cause, timeoutMinutes: timeoutMinutes, publishTo: publishTo);
        RunSummary.Print(session, result, rows);
        return result.Exit;
    }

    /// <summary>The same without a word about what came of it.</summary>
    /// <param name="experiment">Its name where the run is an experiment's; null for none.</param>
    /// <param name="cause">What asked for the run; null for a person's command line.</param>
    /// <param name="timeoutMinutes">How long the run may take; 0 for no limit.</param>
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
        string? publishTo = null)
    {
        var configuration = session.Configuration;
        if (configuration.File is null)
        {
            session.Output.Note($"No {LoadedConfiguration.FileName} here: all options have their defaults.");
        }

        Create(configuration.DataRoot);
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
            Arguments = Arguments(configuration, selection, isForced, keepsGoing),
            ToolVersion = ToolVersion,
            Simd = SimdLevel.Name,
            CancelledBy = cancelledBy,
            Cause = cause,
            IsServed = ParentWatch.IsChild,
            Timeout = Minutes(timeoutMinutes),
            StageTimeout = Minutes(configuration.Value.StageTimeoutMinutes),
            StageRetries = configuration.Value.Retries,
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
    static IReadOnlyList<string> Arguments(LoadedConfiguration configuration, IReadOnlyList<string> selection, bool isForced, bool keepsGoing) =>
    [
        "pipeline", "run", .. selection,
        .. isForced ? ["--force"] : Array.Empty<string>(),
        .. keepsGoing ? [RunCommand.KeepGoing] : Array.Empty<string>(),
        "--data", configuration.DataRoot,
        .. configuration.File is { } file ? [CommonOptions.Config, file] : Array.Empty<string>(),
        .. configuration.Settings.SelectMany(setting => (IEnumerable<string>)["--set", setting]),
    ];
}
