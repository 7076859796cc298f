namespace Pipeline.Unit.Stages;

/// <summary>A clock that stands still until it is moved.</summary>
sealed class HandClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 11, 21, 0, 35, 12, 417, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => Now.Ticks;
}
