using Pipeline.Stages;

namespace Pipeline.Host.Terminal;

/// <summary>Shows, beside each stage, how much of all training of a run is done and how long the rest will take.</summary>
/// <param name="title">Of the line that says so.</param>
sealed class TotalView(IProgressView inner, string title, TimeProvider clock) : IProgressView
{
    const string Unit = "steps";

    readonly Dictionary<string, (long First, long Done)> stages = new(StringComparer.Ordinal);
    readonly long started = clock.GetTimestamp();
    readonly Lock gate = new();
    long total;

    /// <summary>Counts the steps that are to be made; a stage that makes none is no part of the total.</summary>
    public void Planned(Plan plan)
    {
        total = plan.Selected.Where(node => node.Action == PlanAction.Run).Sum(node => (long?)node.Options["training"]?["steps"] ?? 0);
        if (total > 0)
        {
            inner.Started(title);
        }
    }

    public void Started(string stage) => inner.Started(stage);

    public void Progress(string stage, long done, long total, string unit)
    {
        inner.Progress(stage, done, total, unit);
        if (unit != Unit || this.total == 0)
        {
            return;
        }

        lock (gate)
        {
            // What a resumed stage had done before is no part of what is left, so that the rate stays true.
            var first = stages.TryGetValue(stage, out var before) ? before.First : done;
            stages[stage] = (first, done);
            inner.Progress(title, stages.Values.Sum(each => each.Done - each.First), this.total - stages.Values.Sum(each => each.First), Unit);
        }
    }

    public void Finished(string stage, string result, TimeSpan duration) => inner.Finished(stage, result, duration);

    public void Dispose()
    {
        if (total > 0)
        {
            inner.Finished(title, "ended", clock.GetElapsedTime(started));
        }

        inner.Dispose();
    }
}
