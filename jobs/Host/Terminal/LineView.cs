namespace Pipeline.Host.Terminal;

/// <summary>
/// Progress for logs and pipes: a line when a stage starts and when it ends; between them at most one line in ten seconds, and
/// that only after another tenth of the work or another minute.
/// </summary>
sealed class LineView(TextWriter writer, TimeProvider clock) : IProgressView
{
    static readonly TimeSpan Shortest = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    readonly Dictionary<string, Running> stages = new(StringComparer.Ordinal);
    readonly Lock gate = new();

    public void Started(string stage)
    {
        lock (gate)
        {
            stages[stage] = new Running(new ProgressMeter(clock), TimeSpan.Zero, 0);
            writer.WriteLine($"{stage}: started");
        }
    }

    public void Progress(string stage, long done, long total, string unit)
    {
        lock (gate)
        {
            if (!stages.TryGetValue(stage, out var running))
            {
                return;
            }

            running.Meter.Report(done, total, unit);
            var (elapsed, tenth) = (running.Meter.Elapsed, (int)(10 * running.Meter.Fraction));
            var silence = elapsed - running.LastTime;
            if (silence >= Shortest && (silence >= Longest || tenth > running.LastTenth))
            {
                stages[stage] = running with { LastTime = elapsed, LastTenth = tenth };
                writer.WriteLine($"{stage}: {running.Meter}");
            }
        }
    }

    public void Finished(string stage, string result, TimeSpan duration)
    {
        lock (gate)
        {
            stages.Remove(stage);
            writer.WriteLine($"{stage}: {result} in {Phrase.Duration(duration)}");
        }
    }

    public void Dispose() => writer.Flush();

    sealed record Running(ProgressMeter Meter, TimeSpan LastTime, int LastTenth);
}
