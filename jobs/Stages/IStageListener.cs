namespace Pipeline.Stages;

/// <summary>Whoever watches a running stage: the terminal, the log, the dashboard.</summary>
public interface IStageListener
{
    /// <param name="unit">What is counted, in the plural: "rows", "steps".</param>
    void Progress(long done, long total, string unit);

    void Log(string line);
}
