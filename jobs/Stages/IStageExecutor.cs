namespace Pipeline.Stages;

/// <summary>Who computes the stages of a run: this process, or others that share its data root.</summary>
public interface IStageExecutor
{
    /// <summary>Stages that may be under way at the same time; at least 1.</summary>
    int WorksAtOnce { get; }

    /// <summary>How many seeds of a stage go into one call; at least 1.</summary>
    int SeedsAtOnce(IStage stage);

    /// <summary>Fills the outputs of a context exactly as the stage itself would, byte for byte.</summary>
    /// <param name="run">Name of the run.</param>
    /// <param name="work">What is done; the context holds its inputs and outputs.</param>
    Task RunAsync(string run, StageWork work, StageContext context, CancellationToken cancellation);
}

/// <summary>This process does everything itself, one stage after the other.</summary>
public sealed class LocalExecutor : IStageExecutor
{
    public int WorksAtOnce => 1;

    public int SeedsAtOnce(IStage stage) => stage.SeedsAtOnce;

    public Task RunAsync(string run, StageWork work, StageContext context, CancellationToken cancellation) => work.Stage.RunAsync(context, cancellation);
}
