using Pipeline.Host.Commands;
using Pipeline.Host.Terminal;
using Pipeline.Host.Workers;
using Pipeline.Stages;

namespace Pipeline.Host;

/// <summary>One command at work: its options, its configuration (read when first asked for), and where its results go.</summary>
sealed class Session
{
    readonly CliContext context;
    readonly CommonValues values;
    readonly Lazy<LoadedConfiguration> configuration;
    readonly Lazy<DataRoot> data;

    public Session(CliContext context, CommonValues values)
    {
        this.context = context;
        this.values = values;
        Output = new Output(context, values.IsJson, values.IsQuiet);
        configuration = new Lazy<LoadedConfiguration>(() => LoadedConfiguration.Load(context, values));
        data = new Lazy<DataRoot>(() =>
        {
            var root = new DataRoot(Configuration.DataRoot);
            root.RequireReadable();
            return root;
        });
    }

    public Output Output { get; }

    public TimeProvider Clock => context.Clock;

    /// <summary>Which signal cancelled the command, asked when it was.</summary>
    public Func<ExitCode> CancelledBy => context.CancelledBy;

    /// <summary>See <see cref="CliContext.IsInterrupted"/>.</summary>
    public Func<bool> IsInterrupted => context.IsInterrupted;

    /// <exception cref="PipelineException">It is invalid; the message names every error.</exception>
    public LoadedConfiguration Configuration => configuration.Value;

    /// <exception cref="PipelineException">This user may not look into it.</exception>
    public DataRoot Data => data.Value;

    public int Threads => Configuration.Value.Threads > 0 ? Configuration.Value.Threads : Environment.ProcessorCount;

    public IReadOnlyList<IDatasetPipeline> Datasets => context.Datasets;

    /// <exception cref="PipelineException">There is none of that name.</exception>
    public IDatasetPipeline Dataset(string name) => context.Datasets.FirstOrDefault(dataset => dataset.Name == name)
        ?? throw new PipelineException(
            ExitCode.Usage,
            $"There is no dataset '{name}'.{NearestNames.Hint(name, context.Datasets.Select(dataset => dataset.Name))}");

    /// <summary>All datasets, or the one that is named.</summary>
    public IReadOnlyList<IDatasetPipeline> DatasetsOrAll(string? name) => name is null ? context.Datasets : [Dataset(name)];

    public StageGraph Graph(IDatasetPipeline dataset) =>
        new(dataset.Name, Additions.On(values.Engine, dataset.Stages(Configuration.Value)), dataset.Seeds(Configuration.Value));

    public IReadOnlyList<StageGraph> Graphs() => [.. context.Datasets.Select(Graph)];

    /// <summary>The words of a selection; the datasets of `default` if there are none.</summary>
    public IReadOnlyList<string> Selection(IReadOnlyList<string> words) => words.Count > 0 ? words : Configuration.Value.Default;

    /// <exception cref="PipelineException">A word fits nothing, or an input is missing.</exception>
    public Plan Plan(IReadOnlyList<string> words, bool isForced) => new Planner(Data, Clock).Make(Graphs(), Selection(words), isForced);

    /// <summary>All runs, the oldest first.</summary>
    public IReadOnlyList<RunRecord> Runs() => new Ledger(Data, Clock).Runs();

    /// <exception cref="PipelineException">There is none of that name.</exception>
    public RunRecord FindRun(string name)
    {
        var runs = Runs();
        return runs.FirstOrDefault(run => run.Run == name) ?? throw new PipelineException(
            ExitCode.Usage,
            $"There is no run '{name}' in {Data.Path}.{NearestNames.Hint(name, runs.Select(run => run.Run).Reverse())}");
    }

    /// <summary>The store that is named here, or by pipeline.json; null if a run does everything itself.</summary>
    /// <exception cref="PipelineException">Its address is none, or holds a password.</exception>
    public StoreAddress? Store(string? given) => (given ?? Configuration.Value.Store.Url) is { } url ? StoreAddress.Parse(url, context.Variable) : null;

    /// <summary>A line on standard error, whatever --quiet says.</summary>
    public void Error(string text) => context.Error.WriteLine(Phrase.Visible(text));

    /// <summary>An absolute path, from one given on the command line.</summary>
    public string Resolve(string path) => Path.GetFullPath(path, context.CurrentFolder);

    /// <summary>A path as the operator would type it: relative where it lies below the current folder.</summary>
    public string Shorten(string path)
    {
        var relative = Path.GetRelativePath(context.CurrentFolder, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }

    /// <summary>A command to type next, with the options of this one that decide what it sees.</summary>
    public string Again(string command) => string.Join(' ',
    [
        command,
        .. values.Data is { } data ? ["--data", Quote(data)] : Array.Empty<string>(),
        .. values.Config is { } config ? [CommonOptions.Config, Quote(config)] : Array.Empty<string>(),
        .. values.Overrides.Select(setting => $"--set {Quote(setting)}"),
    ]);

    public IProgressView ProgressView() =>
        values.IsQuiet ? new SilentView()
        : context.IsErrorTerminal ? new BarView(context.Error, context.Width, context.Clock)
        : new LineView(context.Error, context.Clock);

    /// <summary>As a shell takes it for one word.</summary>
    static string Quote(string word) => word.Length > 0 && word.AsSpan().IndexOfAny(" \t\r\n\"\\'`[]{}()*?$&|;<>#~!") < 0 ? word : $"'{word.Replace("'", "'\\''")}'";
}
