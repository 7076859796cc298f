using System.Diagnostics;
using Pipeline.Stages;

namespace Pipeline.Lab.Crash;

/// <summary>
/// Somebody who reads a data root while others write it, as a service behind the lists would: resolves every `current` and every pin and
/// expects a whole generation there, whatever happens to the writers; and a ledger that only grows.
/// </summary>
/// <remarks>What was once current and whole has to stay as it is. Only where somebody prunes may it go, and only whole, while it is neither current nor pinned.</remarks>
sealed class Onlooker : IDisposable
{
    /// <summary>A look at names, sizes and times of all files is dear; links are looked at each time.</summary>
    const int LooksPerStamps = 8;

    readonly DataRoot root;
    readonly Findings findings;
    readonly string about;
    readonly Thread thread;
    readonly Lock gate = new();
    readonly GenerationJudge judge;
    readonly LedgerTail ledger;
    readonly HashSet<string> shownOnce = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> wholeOnes = new(StringComparer.Ordinal);
    volatile bool isOver, mayPrune;

    /// <param name="about">Begins each finding.</param>
    public Onlooker(DataRoot root, string about, Findings findings)
    {
        this.root = root;
        this.about = about;
        this.findings = findings;
        judge = new GenerationJudge(Add);
        ledger = new LedgerTail(root);
        thread = new Thread(Watch);
        thread.Start();
    }

    /// <summary>From now on somebody prunes.</summary>
    public void Pruning() => mayPrune = true;

    /// <summary>Looks at everything once, now.</summary>
    public void Look()
    {
        lock (gate)
        {
            Look(withStamps: true);
        }
    }

    public void Dispose()
    {
        isOver = true;
        thread.Join();
    }

    void Watch()
    {
        for (var look = 1; !isOver; look++)
        {
            var clock = Stopwatch.StartNew();
            lock (gate)
            {
                Look(look % LooksPerStamps == 0);
            }

            // A fifth of a core at most: the cores are for those that are looked at.
            Thread.Sleep(Math.Max(5, (int)clock.ElapsedMilliseconds * 4));
        }
    }

    void Look(bool withStamps)
    {
        if (!ledger.HasOnlyGrown())
        {
            Add("lost", "the ledger does not begin with what it held before");
        }

        foreach (var dataset in MiniPipeline.Datasets.Where(dataset => Directory.Exists(root.Dataset(dataset))))
        {
            Look(dataset, withStamps);
        }

        if (withStamps)
        {
            foreach (var (path, stamp) in wholeOnes.ToList())
            {
                if (GenerationJudge.Stamp(path) is var now && now != stamp)
                {
                    Missed(path, stamp, now);
                }
            }
        }
    }

    void Look(string dataset, bool withStamps)
    {
        if (Scan(dataset) is not { } scan)
        {
            return;
        }

        foreach (var generation in scan.Generations.Where(generation => generation.State == GenerationState.Finished))
        {
            judge.Judge(generation.Path, withStamps);
        }

        shownOnce.UnionWith(scan.Links.Keys.Select(artifact => $"{dataset}/{artifact}"));
        foreach (var key in shownOnce.Where(key => key.StartsWith(dataset + "/", StringComparison.Ordinal)))
        {
            Resolve(dataset, key[(dataset.Length + 1)..]);
        }

        foreach (var (artifact, name) in scan.Pinned)
        {
            if (!Directory.Exists(PathOf(dataset, artifact, name)) && Pinned(dataset).Contains(PathOf(dataset, artifact, name)))
            {
                Add("lost", $"{dataset}/{artifact} is pinned at {name}, which is not there");
            }
        }
    }

    /// <summary>The link, then what it points at; a second look if it moved in between.</summary>
    void Resolve(string dataset, string artifact)
    {
        for (var look = 0; look < 2; look++)
        {
            if (root.CurrentFolder(dataset, new Artifact(artifact, artifact)) is { } folder)
            {
                // Until it is current it may be made again, as when only some outputs of a stage had their names at a crash. From now on it stays.
                if (!wholeOnes.ContainsKey(folder) && judge.Judge(folder, isStampTaken: true) is { } stamp)
                {
                    wholeOnes.Add(folder, stamp);
                }

                return;
            }
        }

        Add("lost", $"current of {dataset}/{artifact} points at nothing");
    }

    /// <summary>It is not as it was. Prune may have taken it; then it is gone altogether, and nobody needs it.</summary>
    void Missed(string path, string before, string now)
    {
        wholeOnes.Remove(path);
        var dataset = Path.GetRelativePath(root.Path, path).Split(Path.DirectorySeparatorChar)[0];
        var link = Path.Combine(Path.GetDirectoryName(path)!, "current");
        if (Directory.Exists(path))
        {
            Add("lost", $"{path} was current and whole, and has changed from [{before}] to [{now}]");
        }
        else if (!mayPrune || new FileInfo(link).LinkTarget == Path.GetFileName(path) || Pinned(dataset).Contains(path))
        {
            Add("lost", $"{path} was current and whole, and is gone, {(mayPrune ? "though it is still current or pinned" : "though nobody pruned")}");
        }
    }

    HashSet<string> Pinned(string dataset) => [.. Scan(dataset)?.Pinned.Select(pin => PathOf(dataset, pin.Key, pin.Value)) ?? []];

    string PathOf(string dataset, string artifact, string name) => Path.Combine(root.Dataset(dataset), artifact, name);

    /// <summary>Null if its pins are damaged.</summary>
    DatasetScan? Scan(string dataset)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return DatasetScan.Of(root, dataset);
            }
            catch (Exception error) when (error is DirectoryNotFoundException or FileNotFoundException && attempt < 10)
            {
                // A folder may vanish under a listing; that says nothing of what `current` shows.
                continue;
            }
            catch (PipelineException error)
            {
                Add("partial", error.Message);
                return null;
            }
        }
    }

    void Add(string kind, string what) => findings.Add(kind, $"{about}: {what}");
}
