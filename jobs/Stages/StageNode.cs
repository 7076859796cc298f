namespace Pipeline.Stages;

/// <summary>A stage for one seed, or for none: what is run, skipped and fingerprinted on its own.</summary>
public sealed class StageNode
{
    internal StageNode(string dataset, IStage stage, int? seed, IReadOnlyList<int> seeds, bool isOneOfSeveral)
    {
        Dataset = dataset;
        Stage = stage;
        Seed = seed;
        Seeds = seeds;
        Title = isOneOfSeveral ? $"{Path} (seed {seed})" : Path;
    }

    public string Dataset { get; }

    public IStage Stage { get; }

    /// <summary>The seed of its outputs: its own if the scope is Each, the first if it is First, else null.</summary>
    public int? Seed { get; }

    /// <summary>What the stage is given: its seed, or all of them if the scope is All; empty if it is None.</summary>
    public IReadOnlyList<int> Seeds { get; }

    /// <summary>"spotify/train/mamba".</summary>
    public string Path => $"{Dataset}/{Stage.Name}";

    /// <summary>The path, and the seed where the stage runs for more than one.</summary>
    public string Title { get; }

    public override string ToString() => Title;
}
