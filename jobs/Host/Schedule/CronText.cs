using System.Globalization;
using Quartz;

namespace Pipeline.Host.Schedule;

/// <summary>Reads a cron expression: of Unix (five fields) or of Quartz (six, or seven with a year).</summary>
static class CronText
{
    const int UnixFields = 5, QuartzFields = 6, FieldsWithYear = 7;

    /// <summary>The expression over clock readings: in UTC, for <see cref="FireTimes"/> knows the zone.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static CronExpression Parse(string text)
    {
        var fields = Fields(text);
        return (fields.Length switch
        {
            UnixFields => CronExpression.Parse(string.Join(' ', fields), CronFormat.Unix),
            QuartzFields or FieldsWithYear => CronExpression.Parse(string.Join(' ', fields)),
            _ => throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"it has {fields.Length} fields")),
        }).WithTimeZone(TimeZoneInfo.Utc);
    }

    /// <summary>What is wrong with it and what it must be; null if it is right.</summary>
    public static string? Error(string text)
    {
        const string Form = "it must be five fields as Unix cron ('30 2 * * *' is every day at 02:30) or six or seven as Quartz ('0 30 2 * * ?')";
        try
        {
            return Parse(text).GetNextValidTimeAfter(DateTimeOffset.UnixEpoch) is null ? "no day is like that: it would never come." : null;
        }
        catch (FormatException error)
        {
            return $"{Form}, but {error.Message.TrimEnd('.')}.";
        }
    }

    static string[] Fields(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
