using System.Globalization;

namespace Pipeline.Host.Terminal;

/// <summary>Numbers as people read them, always in the invariant culture.</summary>
static class Phrase
{
    static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>"0.4 s", "12 s", "3 min 05 s", "2 h 07 min".</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 9.95 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        { TotalSeconds: < 59.5 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s"),
        { TotalMinutes: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds:00} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes:00} min"),
    };

    /// <summary>"512 B", "1.5 MiB".</summary>
    public static string Bytes(long bytes)
    {
        var value = (double)bytes;
        var unit = 0;
        for (; value >= 1024 && unit < Units.Length - 1; unit++)
        {
            value /= 1024;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{(unit == 0 ? $"{bytes}" : value.ToString("0.0", CultureInfo.InvariantCulture))} {Units[unit]}");
    }

    /// <summary>"160,000".</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Text of others for a terminal, which would obey what it holds: control characters but line ends and tabs as their codes.</summary>
    public static string Visible(string text) => text.Any(IsObeyed)
        ? string.Concat(text.Select(letter => IsObeyed(letter) ? $"\\u{(int)letter:x4}" : $"{letter}"))
        : text;

    static bool IsObeyed(char letter) => char.IsControl(letter) && letter is not ('\n' or '\t');

    /// <summary>"0.9312": a metric.</summary>
    public static string Metric(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>"2026-11-20 02:00:07 UTC".</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>"2026-11-22 02:30:00 +01:00": as it stands, in the offset that it has.</summary>
    public static string Local(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);
}
