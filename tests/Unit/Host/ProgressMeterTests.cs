using Pipeline.Host.Terminal;

namespace Pipeline.Unit.Host;

public class ProgressMeterTests
{
    readonly ManualClock clock = new();

    [Fact]
    public void Rate_and_time_left_follow_from_two_reports()
    {
        var meter = new ProgressMeter(clock);
        meter.Report(0, 5000, "steps");
        clock.Advance(10);
        meter.Report(1000, 5000, "steps");

        // 1,000 steps in 10 s; 4,000 are left.
        Assert.Equal("1,000 of 5,000 steps, 100 steps/s, 40 s left", meter.ToString());
    }

    [Fact]
    public void A_resumed_stage_does_not_count_what_it_did_not_do_now()
    {
        var meter = new ProgressMeter(clock);
        clock.Advance(3);
        meter.Report(4000, 5000, "steps");
        clock.Advance(5);
        meter.Report(4500, 5000, "steps");

        Assert.Equal(100, meter.Rate);
        Assert.Equal(TimeSpan.FromSeconds(5), meter.Left);
    }

    [Fact]
    public void Without_a_total_only_the_count_is_told()
    {
        var meter = new ProgressMeter(clock);
        meter.Report(12, 0, "files");

        Assert.Equal("12 files", meter.ToString());
    }

    [Fact]
    public void Another_unit_starts_the_rate_anew()
    {
        var meter = new ProgressMeter(clock);
        meter.Report(0, 100, "rows");
        clock.Advance(1);
        meter.Report(100, 100, "rows");
        meter.Report(0, 10, "users");

        Assert.Null(meter.Rate);
    }
}
