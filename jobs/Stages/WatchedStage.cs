using System.Globalization;

namespace Pipeline.Stages;

/// <summary>Passes on what a stage tells, keeps its log lines in a file, and remembers how far it came.</summary>
sealed class WatchedStage(string title, IStageListener inner, RunLog log) : IStageListener
{
    readonly Lock gate = new();
    (long Done, long Total, string Unit)? last;

    /// <summary>" at step 1,200 of 5,000", or nothing if the stage never said.</summary>
    public string Position
    {
        get
        {
            lock (gate)
                return last is var (done, total, unit) ? string.Create(CultureInfo.InvariantCulture, $" at {Singular(unit)} {done:N0} of {total:N0}") : "";
        }
    }

    public void Progress(long done, long total, string unit)
    {
        lock (gate)
            last = (done, total, unit);
        inner.Progress(done, total, unit);
    }

    public void Log(string line)
    {
        log.Write($"{title}: {line}");
        inner.Log(line);
    }

    static string Singular(string unit) => unit.EndsWith("ies", StringComparison.Ordinal) ? $"{unit[..^3]}y" : unit.TrimEnd('s');
}
