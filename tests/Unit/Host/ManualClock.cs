namespace Pipeline.Unit.Host;

/// <summary>A clock that stands still until it is moved.</summary>
sealed class ManualClock : TimeProvider
{
    TimeSpan now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => now.Ticks;

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 11, 20, 2, 0, 0, TimeSpan.Zero) + now;

    public void Advance(double seconds) => now += TimeSpan.FromSeconds(seconds);
}
