using Pipeline.Stages;

namespace Pipeline.Host.Terminal;

/// <summary>Shows stages as they run. Called from the threads of the run.</summary>
interface IProgressView : IDisposable
{
    /// <summary>What the run will do, before anything starts.</summary>
    void Planned(Plan plan)
    {
    }

    void Started(string stage);

    void Progress(string stage, long done, long total, string unit);

    /// <param name="result">One of the words of <see cref="StageRow"/>.</param>
    void Finished(string stage, string result, TimeSpan duration);
}
