using System.Reflection;
using Pipeline.Host.Commands;
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

    public static async Task<ExitCode> RunAsync(
        Session session, IReadOnlyList<string> selection, bool isForced, bool keepsGoing, Func<ExitCode> cancelledBy, CancellationToken cancellation,
        string? store = null)
    {
        var (result, rows) = await ExecuteAsync(session, selection, isForced, keepsGoing, cancelledBy, cancellation, store: store);
        RunSummary.Print(session, result, rows);
        return result.Exit;
    }

    /// <summary>The same without a word about what came of it.</summary>
    /// <param name="store">Address of the store that shares the work; null for that of pipeline.json, if there is one.</param>
    /// <param name="total">Title of a line of progress over all training; null for none.</param>
    public static async Task<(RunResult Result, IReadOnlyList<StageRow> Rows)> ExecuteAsync(
        Session session,
        IReadOnlyList<string> selection,
        bool isForced,
        bool keepsGoing,
        Func<ExitCode> cancelledBy,
        CancellationToken cancellation,
        string? total = null,
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
            Graphs = session.Graphs(),
            Selection = selection,
            IsForced = isForced,
            KeepsGoing = keepsGoing,
            Threads = session.Threads,
            Settings = configuration.Settings,
            Arguments = Arguments(configuration, selection, isForced, keepsGoing, address),
            ToolVersion = ToolVersion,
            Simd = SimdLevel.Name,
            Executor = sharing as IStageExecutor ?? new LocalExecutor(),
            CancelledBy = cancelledBy,
        };
        using var view = total is null ? session.ProgressView() : new TotalView(session.ProgressView(), total, session.Clock);
        var watcher = new RunWatcher(view);
        var result = await new StageRunner(session.Data, session.Clock, watcher).RunAsync(request, cancellation);
        return (result, watcher.Rows);
    }

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
