namespace Pipeline.Stages.Units;

/// <summary>Does units, one after another; what shards of one stage have in common is read once.</summary>
public sealed class UnitRunner(DataRoot root, int threads, TimeProvider clock) : IDisposable
{
    (string Fingerprint, IShardMaker Maker)? opened;

    /// <summary>The folders that a take writes into, whether they exist or not.</summary>
    public static IReadOnlyList<string> Folders(DataRoot root, WorkUnit unit, UnitTake take, IStage stage) =>
        [.. stage.Writes.Select(artifact => UnitFolders.Of(root.Partial(unit.Dataset, unit.Writer, artifact, unit.Fingerprint), take))];

    /// <summary>Leaves the files of the unit, on the disk, in folders of this take alone. They count for nothing until the result is made known.</summary>
    /// <param name="graph">Of the unit's dataset, with the options of the run.</param>
    /// <exception cref="PipelineException">This program would make something else (CheckFailed), or an input is not here (InputMissing).</exception>
    public async Task<UnitResult> RunAsync(WorkUnit unit, UnitTake take, StageGraph graph, IStageListener listener, CancellationToken cancellation)
    {
        var stage = StageOf(unit, graph);
        CheckFingerprint(unit, graph, stage);
        InputFolder[] inputs = [.. unit.Parents.Select(parent => Input(unit, stage, parent))];
        int? seed = stage.Seeds is SeedScope.Each or SeedScope.First ? unit.Seeds[0] : null;
        OutputFolder[] outputs =
        [
            .. stage.Writes.Select(artifact => new OutputFolder(
                artifact, seed, UnitFolders.Make(root.Partial(unit.Dataset, unit.Writer, artifact, unit.Fingerprint), take, stage.IsResumable))),
        ];
        var log = new UnitLog(listener);
        var context = new StageContext(unit.Dataset, unit.Seeds, inputs, outputs, threads, clock, log);
        if (stage is IShardedStage sharded)
        {
            var (first, count) = unit.PiecesOf(sharded.CountPieces(context));
            await MakerOf(unit, sharded, context).MakeAsync(context, first, count, cancellation);
        }
        else
        {
            Close();
            await stage.RunAsync(context, cancellation);
        }

        cancellation.ThrowIfCancellationRequested();
        return new UnitResult([.. outputs.Select(UnitFolders.Describe)], log.Lines);
    }

    /// <exception cref="PipelineException">The dataset has no such stage.</exception>
    public static IStage StageOf(WorkUnit unit, StageGraph graph) => graph.Stages.FirstOrDefault(stage => stage.Name == unit.Stage)
        ?? throw new PipelineException(ExitCode.CheckFailed, $"{unit.Dataset} has no stage {unit.Stage} here. All machines must have the same version of pipeline.");

    /// <summary>Forgets what shards had in common.</summary>
    public void Close()
    {
        opened?.Maker.Dispose();
        opened = null;
    }

    public void Dispose() => Close();

    static void CheckFingerprint(WorkUnit unit, StageGraph graph, IStage stage)
    {
        var node = graph.NodesOf(stage).FirstOrDefault(node => node.Seeds.SequenceEqual(unit.Seeds));
        var made = node is null ? "no such seed" : Fingerprint.Of(node, Fingerprint.Options(stage), unit.Parents);
        if (made != unit.Fingerprint)
            throw new PipelineException(
                ExitCode.CheckFailed,
                $"{unit.Title}: the run expects the generation {unit.Fingerprint}, this worker would make {made}. All machines must have the same build of pipeline.");
    }

    InputFolder Input(WorkUnit unit, IStage stage, ManifestParent parent)
    {
        var artifact = stage.Reads.First(artifact => artifact.Folder == parent.Name);
        var folder = root.Generation(unit.Dataset, artifact, parent.Fingerprint);
        var manifest = ManifestFile.Read(folder);
        return manifest.Fingerprint == parent.Fingerprint
            ? new InputFolder(artifact, parent.Seed, folder, manifest)
            : throw new PipelineException(ExitCode.InputMissing, $"{folder} is the generation {manifest.Fingerprint}; {unit.Title} reads {parent.Fingerprint}.");
    }

    IShardMaker MakerOf(WorkUnit unit, IShardedStage stage, StageContext context)
    {
        if (opened is var (fingerprint, maker) && fingerprint == unit.Fingerprint)
            return maker;
        Close();
        maker = stage.Open(context);
        opened = (unit.Fingerprint, maker);
        return maker;
    }

    /// <summary>Keeps what a stage says for whoever waits for the unit.</summary>
    sealed class UnitLog(IStageListener inner) : IStageListener
    {
        readonly List<string> lines = [];

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (lines)
                    return [.. lines];
            }
        }

        public void Progress(long done, long total, string unit) => inner.Progress(done, total, unit);

        public void Log(string line)
        {
            lock (lines)
                lines.Add(line);
            inner.Log(line);
        }
    }
}
