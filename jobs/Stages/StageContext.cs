namespace Pipeline.Stages;

/// <summary>All that a running stage may touch: its inputs, its outputs, the clock, chance, and a way to tell how far it is.</summary>
public sealed class StageContext(
    string dataset,
    IReadOnlyList<int> seeds,
    IReadOnlyList<InputFolder> inputs,
    IReadOnlyList<OutputFolder> outputs,
    int threads,
    TimeProvider clock,
    IStageListener listener)
{
    public string Dataset { get; } = dataset;

    /// <summary>The seeds to be made now: one, or up to SeedsAtOnce. All seeds if the scope is All; empty if it is None.</summary>
    public IReadOnlyList<int> Seeds { get; } = seeds;

    /// <summary>How many threads to use; never changes the bytes.</summary>
    public int Threads { get; } = threads;

    public TimeProvider Clock { get; } = clock;

    /// <summary>The generation of an artifact without seeds, or the only one there is.</summary>
    public InputFolder Input(Artifact artifact) => inputs.Single(input => input.Artifact == artifact);

    /// <summary>The generation of a seed, or the only one of an artifact without seeds.</summary>
    public InputFolder Input(Artifact artifact, int seed) => inputs.Single(input => input.Artifact == artifact && (input.Seed is null || input.Seed == seed));

    public OutputFolder Output(Artifact artifact) => outputs.Single(output => output.Artifact == artifact);

    public OutputFolder Output(Artifact artifact, int seed) => outputs.Single(output => output.Artifact == artifact && output.Seed == seed);

    /// <summary>Chance of one purpose, the same for the same seed, purpose and index.</summary>
    public RandomStream Random(int seed, string purpose, uint index = 0) => new(seed, $"{Dataset}/{purpose}", index);

    /// <summary>Tells how much of the work is done. May be called often; the listener thins it out.</summary>
    /// <param name="unit">What is counted, in the plural: "rows", "steps".</param>
    public void Progress(long done, long total, string unit) => listener.Progress(done, total, unit);

    /// <summary>One line for the log of the run.</summary>
    public void Log(string line) => listener.Log(line);
}
