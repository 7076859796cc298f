using Pipeline.Host;
using Pipeline.Host.Schedule;
using Pipeline.Stages;
using Pipeline.Stages.Configuration;

namespace Pipeline.Unit.Host.Schedule;

public class ScheduleOptionsTests
{
    [Theory]
    // The 22nd of November 2026 is a Sunday; all from noon of the Saturday before.
    [InlineData("0 3 * * 0", "22T03:00")]
    [InlineData("0 3 * * 7", "22T03:00")]
    [InlineData("0 3 * * 1", "23T03:00")]
    [InlineData("0 3 * * 6", "28T03:00")]
    [InlineData("0 3 * * SUN", "22T03:00")]
    [InlineData("0 3 * * 1-5", "23T03:00")]
    [InlineData("0 3 * * 5-7", "22T03:00")]
    [InlineData("0 0 3 ? * 1", "22T03:00")]
    [InlineData("0 0 3 * * 1", "22T03:00")]
    [InlineData("0 0 3 ? * 2", "23T03:00")]
    [InlineData("0 0 3 ? * 7", "28T03:00")]
    [InlineData("0 0 3 ? * SUN 2026", "22T03:00")]
    [InlineData("  0   3 * * *  ", "22T03:00")]
    [InlineData("0 3 24 * 2", "24T03:00")]
    [InlineData("0 3 25 * 1", "23T03:00")]
    [InlineData("30 0 3 * * ?", "22T03:00")]
    public void Days_of_the_week_are_those_of_the_dialect(string cron, string expected) =>
        Assert.Equal(expected, new FireTimes(cron, TimeZoneInfo.Utc).Next(ScheduleWorld.Instant("2026-11-21T12:00Z"))!.Value.ToString("dd'T'HH:mm"));

    [Theory]
    [InlineData("61 2 * * *", "schedules.nightly.cron is '61 2 * * *'; it must be five fields as Unix cron ('30 2 * * *' is every day at 02:30)")]
    [InlineData("30 2 * *", "it has 4 fields.")]
    [InlineData("", "it has 0 fields.")]
    [InlineData("0 0 2 * * 8", "it must be five fields")]
    [InlineData("0 2 30 2 *", "no day is like that: it would never come.")]
    [InlineData("nightly at two", "it must be five fields")]
    public void A_cron_that_is_none_is_refused_with_what_it_must_be(string cron, string expected)
    {
        var error = Assert.Throws<PipelineException>(() => Read($$"""{ "cron": "{{cron}}" }"""));

        Assert.Equal(ExitCode.InvalidConfiguration, error.Code);
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public void An_unknown_zone_names_the_nearest()
    {
        var error = Assert.Throws<PipelineException>(() => Read("""{ "cron": "30 2 * * *", "timeZone": "Europe/Berlim" }"""));

        Assert.Equal(ExitCode.InvalidConfiguration, error.Code);
        Assert.StartsWith("pipeline.json: schedules.nightly.timeZone is 'Europe/Berlim'; it must be an IANA time zone. Nearest: Europe/Berlin, ", error.Message);
    }

    [Fact]
    public void The_defaults_are_those_of_a_careful_night()
    {
        var options = Read("""{ "cron": "30 2 * * *" }""");

        Assert.Equal(("UTC", Overlap.Skip, Missed.Once, 0, 2, 60, false), (options.TimeZone, options.Overlap, options.Missed, options.TimeoutMinutes, options.Retries, options.RetryDelaySeconds, options.Paused));
        Assert.Empty(options.Selection);
    }

    [Theory]
    [InlineData("""{ }""", "schedules.nightly.cron is missing")]
    [InlineData("""{ "cron": "30 2 * * *", "overlap": "wait" }""", "it must be one of: skip, queue, cancel")]
    [InlineData("""{ "cron": "30 2 * * *", "misssed": "all" }""", "Nearest: missed")]
    public void What_no_schedule_has_is_refused(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<PipelineException>(() => Read(json)).Message);

    [Fact]
    public void A_name_is_a_plain_word() =>
        Assert.Contains(
            "schedules has the name 'every night'",
            Assert.Throws<PipelineException>(() => OptionsReader.Read<PipelineConfiguration>("""{ "schedules": { "every night": { "cron": "30 2 * * *" } } }""", "pipeline.json", [])).Message);

    static ScheduleOptions Read(string json) =>
        OptionsReader.Read<PipelineConfiguration>($$"""{ "schedules": { "nightly": {{json}} } }""", "pipeline.json", []).Schedules["nightly"];
}
