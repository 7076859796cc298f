using Quartz;

namespace Pipeline.Host.Schedule;

/// <summary>
/// At which instants a cron expression is due in a time zone. A cron names readings of a wall clock; where the clock is put forward or back,
/// some readings come never or twice, and this says what then holds:
/// a schedule of certain hours is due once for each reading it names, a swallowed reading at the instant at which the clock jumped, a repeated
/// one the first time; a schedule of every hour follows real time, so nothing is due for a swallowed reading and all is due again for a repeated one.
/// </summary>
/// <remarks>
/// NOTE: differs from Quartz 4.7.3, whose expression is asked about plain readings alone, as if there were no zones. In a zone it is due at a jump for every swallowed reading, of a
/// schedule of every hour too ("30 * * * *" in Berlin: 01:30, 03:00, 03:30), and whether the readings of a repeated hour count once depends on how they are written ("0,15,30,45 2 * * *" is due
/// four times, "*/15 2 * * *" eight times, and "0 */2 * * *" twice at 02:00).
/// </remarks>
public sealed class FireTimes
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Day = TimeSpan.FromDays(1);

    readonly CronExpression readings;
    readonly TimeZoneInfo zone;
    readonly bool isOfEveryHour;

    /// <param name="cron">See <see cref="ScheduleOptions.Cron"/>.</param>
    /// <exception cref="FormatException">It is no cron expression.</exception>
    public FireTimes(string cron, TimeZoneInfo zone)
    {
        readings = CronText.Parse(cron);
        this.zone = zone;
        // On the first day that the expression names: is it due in each of its hours?
        isOfEveryHour = Readings(DateTime.UnixEpoch).FirstOrDefault() is { Year: > 1 } first
            && Readings(first.Date - Second).TakeWhile(reading => reading.Date == first.Date).Select(reading => reading.Hour).Distinct().Count() == 24;
    }

    public TimeZoneInfo Zone => zone;

    /// <summary>All due instants after one, without end unless the expression names a last year. Each with the zone's offset, so that it says local time and UTC.</summary>
    /// <param name="after">Not itself among them.</param>
    public IEnumerable<DateTimeOffset> After(DateTimeOffset after)
    {
        for (var due = Next(after); due is { } instant; due = Next(instant))
        {
            yield return instant;
        }
    }

    /// <summary>The first due instant after one; null if there is none any more.</summary>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        var at = after.UtcDateTime;
        var offset = OffsetAt(at);
        var last = at + offset;
        if (!isOfEveryHour && Repeated(at) is { } end && last < end)
        {
            last = end - Second;
        }

        while (NextReading(last) is { } reading)
        {
            // The offset holds until the next change; a reading beyond that is one of another offset.
            if (NextChange(at, reading - offset) is not { } change)
            {
                return InZone(reading - offset);
            }

            var before = offset;
            offset = OffsetAt(change);
            if (!isOfEveryHour && reading < change + offset)
            {
                return InZone(change);
            }

            // On with the readings of the new offset, its first one included; repeated ones are passed over if they count once.
            at = change;
            last = (offset < before && !isOfEveryHour ? change + before : change + offset) - Second;
        }

        return null;
    }

    /// <summary>The reading at which the clock was changed within the last day: readings before it, after the change, are repeated ones. Null if it was not changed.</summary>
    DateTime? Repeated(DateTime instant)
    {
        DateTime? end = null;
        for (var at = instant - Day; NextChange(at, instant) is { } change; at = change)
        {
            // Put forward, it shows no reading before that one any more.
            end = change + OffsetAt(change.AddTicks(-1));
        }

        return end;
    }

    /// <summary>The first instant in (from, to] at which the zone's offset is another one; null if there is none.</summary>
    DateTime? NextChange(DateTime from, DateTime to)
    {
        // Day by day: no zone has gone forth and back within one.
        for (var start = from; start < to; start += Day)
        {
            var end = to - start > Day ? start + Day : to;
            if (OffsetAt(end) != OffsetAt(start))
            {
                return Boundary(start, end);
            }
        }

        return null;
    }

    DateTime Boundary(DateTime low, DateTime high)
    {
        var before = OffsetAt(low);
        while (high.Ticks - low.Ticks > 1)
        {
            var middle = low.AddTicks((high.Ticks - low.Ticks) / 2);
            (low, high) = OffsetAt(middle) == before ? (middle, high) : (low, middle);
        }

        return high;
    }

    IEnumerable<DateTime> Readings(DateTime after)
    {
        for (var reading = NextReading(after); reading is { } next; reading = NextReading(next))
        {
            yield return next;
        }
    }

    /// <summary>Readings of a clock that is never put forward or back; kept as UTC so that nothing converts them.</summary>
    DateTime? NextReading(DateTime after) => readings.GetNextValidTimeAfter(new DateTimeOffset(DateTime.SpecifyKind(after, DateTimeKind.Utc)))?.UtcDateTime;

    TimeSpan OffsetAt(DateTime instant) => zone.GetUtcOffset(instant);

    DateTimeOffset InZone(DateTime instant) => TimeZoneInfo.ConvertTime(new DateTimeOffset(instant), zone);
}
