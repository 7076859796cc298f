using System.Globalization;
using Pipeline.Host.Schedule;

namespace Pipeline.Unit.Host.Schedule;

/// <summary>
/// Written by hand from the rules of the zones. Berlin: 2026-03-29 01:00Z from +1 to +2, 2026-10-25 01:00Z back. New York: 2026-03-08 07:00Z from -5 to -4,
/// 2026-11-01 06:00Z back. Lord Howe: 2026-04-04 15:00Z (local 02:00) from +11 back to +10:30, 2026-10-03 15:30Z (local 02:00) to +11: half an hour.
/// </summary>
public class FireTimesTests
{
    const string Daily = "30 2 * * *", Hourly = "0 * * * *", Quarters = "*/15 * * * *", Weekly = "0 3 * * 0", LastDay = "0 45 1 L * ?", HalfPast = "30 * * * *";

    [Theory]
    // Berlin, forward: 02:00-03:00 on the 29th is not there. 02:30 comes at 03:00 summer time, which is 01:00Z.
    [InlineData("Europe/Berlin", Daily, "2026-03-28T00:00Z", "03-28T01:30Z 03-29T01:00Z 03-30T00:30Z")]
    [InlineData("Europe/Berlin", Hourly, "2026-03-28T23:30Z", "03-29T00:00Z 03-29T01:00Z 03-29T02:00Z")]
    [InlineData("Europe/Berlin", HalfPast, "2026-03-29T00:00Z", "03-29T00:30Z 03-29T01:30Z 03-29T02:30Z")]
    [InlineData("Europe/Berlin", Quarters, "2026-03-29T00:30Z", "03-29T00:45Z 03-29T01:00Z 03-29T01:15Z")]
    [InlineData("Europe/Berlin", Weekly, "2026-03-22T02:00Z", "03-29T01:00Z 04-05T01:00Z")]
    [InlineData("Europe/Berlin", LastDay, "2026-03-01T00:00Z", "03-30T23:45Z 04-29T23:45Z")]
    // Berlin, back: 02:00-03:00 on the 25th comes twice, first at 00:00Z-01:00Z.
    [InlineData("Europe/Berlin", Daily, "2026-10-24T00:00Z", "10-24T00:30Z 10-25T00:30Z 10-26T01:30Z")]
    [InlineData("Europe/Berlin", Hourly, "2026-10-24T23:30Z", "10-25T00:00Z 10-25T01:00Z 10-25T02:00Z")]
    [InlineData("Europe/Berlin", HalfPast, "2026-10-25T00:00Z", "10-25T00:30Z 10-25T01:30Z 10-25T02:30Z")]
    [InlineData("Europe/Berlin", Quarters, "2026-10-25T00:30Z", "10-25T00:45Z 10-25T01:00Z 10-25T01:15Z")]
    [InlineData("Europe/Berlin", Weekly, "2026-10-18T01:00Z", "10-25T02:00Z 11-01T02:00Z")]
    [InlineData("Europe/Berlin", LastDay, "2026-10-01T00:00Z", "10-31T00:45Z 11-30T00:45Z")]
    // 02:00 for the first time at 00:00Z; for the second it is not due, for it is no schedule of every hour.
    [InlineData("Europe/Berlin", "0 */2 * * *", "2026-10-24T21:00Z", "10-24T22:00Z 10-25T00:00Z 10-25T03:00Z")]
    // New York, forward on March 8th: 02:30 comes at 03:00 summer time, 07:00Z.
    [InlineData("America/New_York", Daily, "2026-03-07T00:00Z", "03-07T07:30Z 03-08T07:00Z 03-09T06:30Z")]
    [InlineData("America/New_York", Hourly, "2026-03-08T05:30Z", "03-08T06:00Z 03-08T07:00Z 03-08T08:00Z")]
    [InlineData("America/New_York", HalfPast, "2026-03-08T06:00Z", "03-08T06:30Z 03-08T07:30Z 03-08T08:30Z")]
    [InlineData("America/New_York", Quarters, "2026-03-08T06:30Z", "03-08T06:45Z 03-08T07:00Z 03-08T07:15Z")]
    [InlineData("America/New_York", Weekly, "2026-03-01T08:00Z", "03-08T07:00Z 03-15T07:00Z")]
    [InlineData("America/New_York", LastDay, "2026-02-01T00:00Z", "02-28T06:45Z 03-31T05:45Z")]
    // New York, back on November 1st: 01:00-02:00 comes twice, so 02:30 is an ordinary reading, and 01:30 is not.
    [InlineData("America/New_York", Daily, "2026-10-31T00:00Z", "10-31T06:30Z 11-01T07:30Z 11-02T07:30Z")]
    [InlineData("America/New_York", "30 1 * * *", "2026-10-31T00:00Z", "10-31T05:30Z 11-01T05:30Z 11-02T06:30Z")]
    [InlineData("America/New_York", Hourly, "2026-11-01T04:30Z", "11-01T05:00Z 11-01T06:00Z 11-01T07:00Z")]
    [InlineData("America/New_York", HalfPast, "2026-11-01T05:00Z", "11-01T05:30Z 11-01T06:30Z 11-01T07:30Z")]
    [InlineData("America/New_York", Quarters, "2026-11-01T05:30Z", "11-01T05:45Z 11-01T06:00Z 11-01T06:15Z")]
    [InlineData("America/New_York", Weekly, "2026-10-25T07:00Z", "11-01T08:00Z 11-08T08:00Z")]
    [InlineData("America/New_York", LastDay, "2026-10-01T00:00Z", "10-31T05:45Z 11-30T06:45Z")]
    // Lord Howe, back on April 5th: at 02:00 (+11) it is 01:30 (+10:30) again, so 01:45 comes twice and 02:30 once.
    [InlineData("Australia/Lord_Howe", Daily, "2026-04-03T16:00Z", "04-04T16:00Z 04-05T16:00Z")]
    [InlineData("Australia/Lord_Howe", "45 1 * * *", "2026-04-03T15:00Z", "04-04T14:45Z 04-05T15:15Z")]
    [InlineData("Australia/Lord_Howe", Hourly, "2026-04-04T13:30Z", "04-04T14:00Z 04-04T15:30Z 04-04T16:30Z")]
    [InlineData("Australia/Lord_Howe", HalfPast, "2026-04-04T14:00Z", "04-04T14:30Z 04-04T15:00Z 04-04T16:00Z")]
    [InlineData("Australia/Lord_Howe", Quarters, "2026-04-04T14:30Z", "04-04T14:45Z 04-04T15:00Z 04-04T15:15Z")]
    [InlineData("Australia/Lord_Howe", Weekly, "2026-03-28T16:30Z", "04-04T16:30Z 04-11T16:30Z")]
    [InlineData("Australia/Lord_Howe", LastDay, "2026-04-01T00:00Z", "04-29T15:15Z 05-30T15:15Z")]
    // Lord Howe, forward on October 4th: at 02:00 (+10:30) it is 02:30 (+11), 15:30Z. 02:30 is there; 02:15 is not.
    [InlineData("Australia/Lord_Howe", Daily, "2026-10-02T16:00Z", "10-03T15:30Z 10-04T15:30Z")]
    [InlineData("Australia/Lord_Howe", "15 2 * * *", "2026-10-02T16:00Z", "10-03T15:30Z 10-04T15:15Z")]
    [InlineData("Australia/Lord_Howe", Hourly, "2026-10-03T14:00Z", "10-03T14:30Z 10-03T16:00Z 10-03T17:00Z")]
    [InlineData("Australia/Lord_Howe", HalfPast, "2026-10-03T14:30Z", "10-03T15:00Z 10-03T15:30Z 10-03T16:30Z")]
    [InlineData("Australia/Lord_Howe", Quarters, "2026-10-03T15:00Z", "10-03T15:15Z 10-03T15:30Z 10-03T15:45Z")]
    [InlineData("Australia/Lord_Howe", Weekly, "2026-09-27T00:00Z", "10-03T16:00Z 10-10T16:00Z")]
    [InlineData("Australia/Lord_Howe", LastDay, "2026-09-01T00:00Z", "09-29T15:15Z 10-30T14:45Z")]
    public void The_instants_over_a_change_of_the_clock_are_those_of_the_table(string zone, string cron, string after, string expected)
    {
        var due = Times(cron, zone).After(Instant(after)).Take(expected.Split(' ').Length);

        Assert.Equal(expected, string.Join(' ', due.Select(instant => instant.UtcDateTime.ToString("MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture))));
    }

    [Fact]
    public void A_due_instant_says_local_time_too()
    {
        var due = Times(Daily, "Europe/Berlin").After(Instant("2026-03-28T02:00Z")).Take(2).ToList();

        Assert.Equal(["2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"], due.Select(instant => instant.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-29")]
    [InlineData("Europe/Berlin", "2026-10-25")]
    [InlineData("America/New_York", "2026-03-08")]
    [InlineData("America/New_York", "2026-11-01")]
    [InlineData("Australia/Lord_Howe", "2026-04-05")]
    [InlineData("Australia/Lord_Howe", "2026-10-04")]
    // This date was left out there: from the 29th the clock went to the 31st.
    [InlineData("Pacific/Apia", "2011-12-31")]
    public void Every_daily_schedule_is_due_once_on_a_day_of_change_and_on_its_neighbours(string zone, string date)
    {
        var day = DateTime.Parse(date, CultureInfo.InvariantCulture);
        for (var minute = 0; minute < 24 * 60; minute += 15)
        {
            var times = Times($"{minute % 60} {minute / 60} * * *", zone);
            var due = times.After(new DateTimeOffset(day.AddDays(-3), TimeSpan.Zero)).TakeWhile(instant => instant.DateTime < day.AddDays(3)).GroupBy(instant => instant.Date)
                .Where(group => Math.Abs((group.Key - day).TotalDays) <= 1).ToList();

            Assert.Equal(zone == "Pacific/Apia" ? 2 : 3, due.Count);
            // Samoa's lost day comes at the first instant after it, beside that day's own.
            Assert.All(due, group => Assert.Equal(zone == "Pacific/Apia" && group.Key == day && minute > 0 ? 2 : 1, group.Count()));
        }
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-28T12:00Z", "2026-03-29T12:00Z")]
    [InlineData("Europe/Berlin", "2026-10-24T12:00Z", "2026-10-25T12:00Z")]
    [InlineData("America/New_York", "2026-10-31T12:00Z", "2026-11-01T12:00Z")]
    public void A_schedule_of_every_quarter_is_due_96_times_in_any_24_hours(string zone, string from, string to) =>
        Assert.Equal(96, Times(Quarters, zone).After(Instant(from)).TakeWhile(due => due <= Instant(to)).Count());

    [Fact]
    public void Asked_in_the_second_pass_of_a_repeated_hour_a_daily_schedule_is_due_tomorrow()
    {
        // 01:10Z is 02:10 for the second time; 02:30 was due at 00:30Z.
        Assert.Equal(Instant("2026-10-26T01:30Z"), Times(Daily, "Europe/Berlin").Next(Instant("2026-10-25T01:10Z")));
        Assert.Equal(Instant("2026-10-26T01:30Z"), Times(Daily, "Europe/Berlin").Next(Instant("2026-10-25T01:00Z")));
    }

    [Fact]
    public void Asked_in_the_second_pass_the_reading_at_which_the_repetition_ends_is_due_today()
    {
        // 02:59 for the second time, then 03:00.
        Assert.Equal(Instant("2026-10-25T02:00Z"), Times("0 3 * * *", "Europe/Berlin").Next(Instant("2026-10-25T01:59Z")));
        // 02:50 for the second time; 02:55 was due at 00:55Z.
        Assert.Equal(Instant("2026-10-26T01:55Z"), Times("55 2 * * *", "Europe/Berlin").Next(Instant("2026-10-25T01:50Z")));
    }

    [Fact]
    public void A_day_that_no_calendar_has_is_never_due() => Assert.Null(Times("0 2 30 2 *", "Europe/Berlin").Next(Instant("2026-10-25T01:00Z")));

    [Fact]
    public void All_readings_that_one_jump_swallows_are_due_once_and_with_the_reading_that_follows() =>
        Assert.Equal([Instant("2026-03-29T01:00Z"), Instant("2026-03-30T00:00Z")], Times("0,15,30,45 2 * * *", "Europe/Berlin").After(Instant("2026-03-29T00:30Z")).Take(2));

    [Theory]
    [InlineData("*/15 2 * * *")]
    [InlineData("0,15,30,45 2 * * *")]
    [InlineData("0-45/15 2 * * *")]
    public void How_the_same_minutes_are_written_makes_no_difference_in_a_repeated_hour(string cron) =>
        Assert.Equal(
            [Instant("2026-10-25T00:00Z"), Instant("2026-10-25T00:15Z"), Instant("2026-10-25T00:30Z"), Instant("2026-10-25T00:45Z"), Instant("2026-10-26T01:00Z")],
            Times(cron, "Europe/Berlin").After(Instant("2026-10-24T22:00Z")).Take(5));

    [Fact]
    public void The_end_of_the_years_of_an_expression_is_an_end() =>
        Assert.Equal([Instant("2026-12-31T00:00Z")], Times("0 0 0 31 12 ? 2026", "UTC").After(Instant("2026-01-01T00:00Z")));

    [Fact]
    public void Instants_far_apart_are_found_over_many_changes() =>
        // Leap days at noon: winter time in Berlin.
        Assert.Equal([Instant("2028-02-29T11:00Z"), Instant("2032-02-29T11:00Z")], Times("0 12 29 2 *", "Europe/Berlin").After(Instant("2026-01-01T00:00Z")).Take(2));

    static FireTimes Times(string cron, string zone) => new(cron, TimeZoneInfo.FindSystemTimeZoneById(zone));

    static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
