using System.Security.Cryptography;
using Pipeline.Host;
using Pipeline.Stages;
using Pipeline.Unit.Host;

namespace Pipeline.Unit.Faults;

/// <summary>The command line over a data root that can be copied, and what lies in it.</summary>
sealed class SweptWorld : IDisposable
{
    readonly IReadOnlyList<IDatasetPipeline> datasets;
    readonly TempFolder folder = new(isInMemory: true);

    public SweptWorld(IReadOnlyList<IDatasetPipeline> datasets)
        : this(datasets, isEmpty: false)
    {
    }

    SweptWorld(IReadOnlyList<IDatasetPipeline> datasets, bool isEmpty)
    {
        this.datasets = datasets;
        if (isEmpty)
        {
            return;
        }

        // A fault that comes once would else be passed over by the second attempt of a stage.
        folder.Write("pipeline.json", """{ "retries": 0 }""");
    }

    /// <summary>The current folder of the command line.</summary>
    public string Folder => folder.Path;

    public string Data => folder.File("data");

    /// <summary>Everything that a reader can see: `current` of each artifact, and the manifest of each finished generation.</summary>
    public SortedDictionary<string, string> State()
    {
        var state = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var dataset in datasets)
        {
            var scan = DatasetScan.Of(new DataRoot(Data), dataset.Name);
            foreach (var (artifact, name) in scan.Links)
            {
                state[$"{dataset.Name}/{artifact}/current"] = name;
            }

            foreach (var (artifact, name) in scan.Pinned)
            {
                state[$"{dataset.Name}/{artifact}/pin"] = name;
            }

            foreach (var generation in scan.Generations.Where(generation => generation.State == GenerationState.Finished))
            {
                state[$"{dataset.Name}/{generation.Artifact}/{generation.Name}"] = Digest(Path.Combine(generation.Path, "manifest.json"));
            }
        }

        return state;
    }

    /// <summary>What no run and no reader needs: unfinished folders and files, links that lead nowhere.</summary>
    public IEnumerable<string> Orphans() => Directory.EnumerateFileSystemEntries(Data, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
        .Where(path => Path.GetFileName(path) is var name && (name.EndsWith(".partial", StringComparison.Ordinal) || name.EndsWith(".removed", StringComparison.Ordinal)
            || name.EndsWith(".new", StringComparison.Ordinal) || name.StartsWith("checkpoint", StringComparison.Ordinal)))
        .Select(path => Path.GetRelativePath(Data, path));

    public CliResult Run(IReadOnlyList<string> args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var context = new CliContext { Out = output, Error = error, CurrentFolder = Folder, Datasets = datasets };
        var code = Cli.RunAsync(args, context, CancellationToken.None).GetAwaiter().GetResult();
        return new CliResult(code, output.ToString(), error.ToString());
    }

    public SweptWorld Copy()
    {
        var copy = new SweptWorld(datasets, isEmpty: true);
        Copy(new DirectoryInfo(Folder), copy.Folder);
        return copy;
    }

    public void Dispose() => folder.Dispose();

    static string Digest(string file) => File.Exists(file) ? Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))[..16] : "without a manifest";

    static void Copy(DirectoryInfo from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var entry in from.EnumerateFileSystemInfos())
        {
            var path = Path.Combine(to, entry.Name);
            if (entry.LinkTarget is { } target)
            {
                File.CreateSymbolicLink(path, target);
            }
            else if (entry is DirectoryInfo child)
            {
                Copy(child, path);
            }
            else
            {
                File.Copy(entry.FullName, path);
            }
        }
    }
}
