using Pipeline.Stages;

namespace Pipeline.Host.Terminal;

/// <summary>Shows, beside each stage, how much of all training of a run is done and how long the rest will take.</summary>
/// <param name="title">Of the line that says so.</param>
sealed class TotalView(IProgressView inner, string title, TimeProvider clock) : IProgressView
{
    const string Unit = "steps";

    readonly Dictionary<string, long> doneOf = new(StringComparer.Ordinal);
    readonly long started = clock.GetTimestamp();
    readonly Lock gate = new();
    bool isShown;
    long total;
    long made;

    /// <summary>Counts the steps that are to be made; a stage that makes none is no part of the total.</summary>
    public void Planned(Plan plan)
    {
        total = plan.Selected.Where(node => node.Action == PlanAction.Run).Sum(node => (long)((int?)node.Options["training"]?["steps"] ?? 0));
        isShown = total > 0;
        if (isShown)
        {
            inner.Started(title);
        }
    }

    public void Started(string stage) => inner.Started(stage);

    public void Progress(string stage, long done, long total, string unit)
    {
        inner.Progress(stage, done, total, unit);
        if (unit != Unit || !isShown)
        {
            return;
        }

        lock (gate)
        {
            if (!doneOf.TryGetValue(stage, out var before))
            {
                // What a resumed stage had done before is not made now, and has no part in the rate.
                before = done;
                this.total -= done;
            }

            doneOf[stage] = done;
            made += done - before;
            inner.Progress(title, made, this.total, Unit);
        }
    }

    public void Finished(string stage, string result, TimeSpan duration) => inner.Finished(stage, result, duration);

    public void Dispose()
    {
        if (isShown)
        {
            inner.Finished(title, "ended", clock.GetElapsedTime(started));
        }

        inner.Dispose();
    }
}
