namespace Pipeline.Features;

/// <summary>Dates as tables hold them: days since 1970-01-01.</summary>
public static class Days
{
    static readonly int Epoch = new DateOnly(1970, 1, 1).DayNumber;

    public static int Of(DateOnly date) => date.DayNumber - Epoch;

    /// <summary>"2020-09-16".</summary>
    public static string Text(int day) => DateOnly.FromDayNumber(Epoch + day).ToString("o", System.Globalization.CultureInfo.InvariantCulture);
}
