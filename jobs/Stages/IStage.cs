namespace Pipeline.Stages;

/// <summary>One step of a dataset's pipeline: reads artifacts, writes artifacts, does one thing.</summary>
public interface IStage
{
    /// <summary>Name inside its dataset: "ingest", "train/mamba".</summary>
    string Name { get; }

    /// <summary>Raised whenever the same inputs and options would give other bytes.</summary>
    int Version { get; }

    /// <summary>A record of everything that may change the output; it is part of the fingerprint as canonical JSON.</summary>
    object Options { get; }

    SeedScope Seeds { get; }

    /// <summary>Folders outside the data root that the stage reads; every file below them is part of the fingerprint by content.</summary>
    IReadOnlyList<string> RawFolders => [];

    /// <summary>The option that names its raw folders, as --set takes it, for messages; null for "datasets.DATASET.raw".</summary>
    string? RawOption => null;

    IReadOnlyList<Artifact> Reads { get; }

    IReadOnlyList<Artifact> Writes { get; }

    /// <summary>Artifacts of other stages whose `current` moves only when this stage has passed.</summary>
    IReadOnlyList<Artifact> Publishes => [];

    /// <summary>True if what it writes is generated, not derived from real data. What is derived from it is synthetic too.</summary>
    bool IsSynthetic => false;

    /// <summary>True if the stage continues from what it left in its unfinished folders; else those are emptied before it runs.</summary>
    bool IsResumable => false;

    /// <summary>How many seeds one call of <see cref="RunAsync"/> may be given. More than one only if Seeds is Each.</summary>
    int SeedsAtOnce => 1;

    /// <summary>
    /// About how large one seed's outputs will be, in the order of Writes, by what is known before it runs: a run that would fill the disk
    /// is refused. Empty if nothing is known.
    /// </summary>
    IReadOnlyList<DataSize> Sizes(InputSizes inputs) => [];

    /// <summary>How many times its outputs it takes at its worst moment: more than once if it keeps checkpoints beside them.</summary>
    int TimesAtPeak => 1;

    Task RunAsync(StageContext context, CancellationToken cancellation);
}
