namespace Pipeline.Unit.Stages;

/// <summary>A clock that stands still until it is moved, and whose timers ring when it is.</summary>
sealed class TimerClock : TimeProvider
{
    readonly Lock gate = new();
    readonly List<Timer> timers = [];
    TimeSpan elapsed;

    /// <summary>How long the timers that wait have still to go, the shortest first.</summary>
    public IReadOnlyList<TimeSpan> Waiting
    {
        get
        {
            lock (gate)
                return [.. timers.Where(timer => timer.At is not null).Select(timer => timer.At!.Value - elapsed).Order()];
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero) + new TimeSpan(GetTimestamp());

    public override long GetTimestamp()
    {
        lock (gate)
            return elapsed.Ticks;
    }

    public void Advance(TimeSpan time)
    {
        List<Timer> due;
        lock (gate)
        {
            elapsed += time;
            due = [.. timers.Where(timer => timer.At <= elapsed)];
            due.ForEach(timer => timer.At = null);
        }

        due.ForEach(timer => timer.Ring());
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        lock (gate)
            timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    sealed class Timer(TimerClock clock, Action ring) : ITimer
    {
        public TimeSpan? At { get; set; }

        public Action Ring => ring;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.gate)
                At = dueTime == Timeout.InfiniteTimeSpan ? null : clock.elapsed + dueTime;
            if (dueTime == TimeSpan.Zero)
                clock.Advance(TimeSpan.Zero);
            return true;
        }

        public void Dispose()
        {
            lock (clock.gate)
                clock.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
