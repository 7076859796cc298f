namespace Pipeline.Stages;

/// <summary>A stage whose outputs consist of pieces that can be made apart, on several machines. Its RunAsync makes all of them.</summary>
public interface IShardedStage : IStage
{
    /// <summary>
    /// Files of which every shard writes its stretch, so that the stretches one after the other are the file. All other files belong to
    /// one piece each.
    /// </summary>
    IReadOnlyList<string> JoinedFiles => [];

    /// <summary>How many pieces the outputs have, at least 1. Follows from inputs and options, never from who makes them; reads manifests alone.</summary>
    int CountPieces(StageContext context);

    /// <summary>Reads what every piece needs, once for all that are made here.</summary>
    IShardMaker Open(StageContext context);
}

/// <summary>Makes pieces, a stretch of them at a time.</summary>
public interface IShardMaker : IDisposable
{
    /// <summary>Writes some pieces, and states the facts of the whole.</summary>
    /// <param name="context">Over the same inputs as the one it was opened with; its outputs may lie elsewhere.</param>
    /// <param name="first">From 0.</param>
    /// <param name="count">At least 1.</param>
    Task MakeAsync(StageContext context, int first, int count, CancellationToken cancellation);
}
