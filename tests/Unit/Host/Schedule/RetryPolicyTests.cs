using Pipeline.Host.Schedule;
using Pipeline.Stages;

namespace Pipeline.Unit.Host.Schedule;

public class RetryPolicyTests
{
    static readonly ScheduleOptions Nightly = new() { Cron = "30 2 * * *" };
    static readonly LedgerEntry Stopped = new() { Event = LedgerEvent.RunFinished, Exit = ExitCode.Terminated, IsTransient = true };
    static readonly LedgerEntry Passing = new() { Event = LedgerEvent.RunFinished, Exit = ExitCode.StageFailed, IsTransient = true };

    [Fact]
    public void Delays_double_and_are_up_to_a_quarter_longer()
    {
        for (var attempt = 1; attempt <= 4; attempt++)
        {
            var seconds = Delay("nightly", attempt).TotalSeconds;
            // 60, 120, 240, 480.
            var plain = 60 << (attempt - 1);
            Assert.InRange(seconds, plain, plain * 1.25);
            Assert.Equal(seconds, Delay("nightly", attempt).TotalSeconds);
        }

        Assert.NotEqual(Delay("nightly", 1), Delay("weekly", 1));
    }

    [Fact]
    public async Task A_run_that_failed_for_a_passing_reason_is_tried_again_after_the_delay_and_at_most_so_often()
    {
        using var world = new ScheduleWorld("2026-11-21T20:00Z", Nightly) { End = _ => Passing };
        await world.ServeAsync();
        var next = await world.ServeAsync("2026-11-22T02:30Z");
        Assert.Equal(["22T02:30"], world.Began);
        Assert.InRange(next!.Value, ScheduleWorld.Instant("2026-11-22T02:31Z"), ScheduleWorld.Instant("2026-11-22T02:31:15Z"));

        await world.ServeAsync("2026-11-22T02:31:15Z");
        await world.ServeAsync("2026-11-22T02:40Z");
        await world.ServeAsync("2026-11-22T09:00Z");

        Assert.Equal(["22T02:30", "22T02:30 attempt 2", "22T02:30 attempt 3"], world.Began);
    }

    [Fact]
    public async Task A_repetition_that_waits_survives_the_server()
    {
        using var world = new ScheduleWorld("2026-11-21T20:00Z", Nightly) { End = _ => Passing };
        await world.ServeAsync();
        await world.ServeAsync("2026-11-22T02:30Z");
        world.Crash();

        world.End = _ => new LedgerEntry { Event = LedgerEvent.RunFinished, Exit = ExitCode.Ok };
        await world.ServeAsync("2026-11-22T02:32Z");

        Assert.Equal(["22T02:30", "22T02:30 attempt 2"], world.Began);
    }

    [Theory]
    [InlineData(ExitCode.StageFailed)]
    [InlineData(ExitCode.CheckFailed)]
    [InlineData(ExitCode.OutOfSpace)]
    [InlineData(ExitCode.Terminated)]
    public async Task Any_other_end_is_left_to_a_person(ExitCode exit)
    {
        using var world = new ScheduleWorld("2026-11-21T20:00Z", Nightly) { End = _ => new LedgerEntry { Event = LedgerEvent.RunFinished, Exit = exit } };
        await world.ServeAsync();
        await world.ServeAsync("2026-11-22T02:30Z");
        await world.ServeAsync("2026-11-22T09:00Z");

        Assert.Equal(["22T02:30"], world.Began);
    }

    [Fact]
    public async Task A_run_that_crashed_is_tried_again_by_the_next_server()
    {
        using var world = new ScheduleWorld("2026-11-21T20:00Z", Nightly);
        await world.ServeAsync();
        await world.ServeAsync("2026-11-22T02:30Z");
        world.Crash(lines: 3);
        Assert.Equal(LedgerEvent.RunStarted, world.Lines[^1].Event);

        await world.ServeAsync("2026-11-22T02:40Z");

        Assert.Equal(["22T02:30", "22T02:30 attempt 2"], world.Began);
    }

    [Fact]
    public async Task A_run_that_stopped_with_its_server_is_tried_again_at_once_by_the_next_and_at_most_so_often()
    {
        using var world = new ScheduleWorld("2026-11-21T20:00Z", Nightly with { Retries = 1 }) { End = _ => Stopped };
        await world.ServeAsync();
        world.Visit("2026-11-22T02:30Z");
        await world.IdleAsync();
        world.Crash();

        world.Visit("2026-11-22T02:30:05Z");
        await world.IdleAsync();
        world.Crash();
        await world.ServeAsync("2026-11-22T09:00Z");

        Assert.Equal(["22T02:30", "22T02:30 attempt 2"], world.Began);
    }

    [Fact]
    public async Task A_run_that_a_person_cancelled_stays_so_whatever_its_server_did()
    {
        using var world = new ScheduleWorld("2026-11-21T20:00Z", Nightly) { End = _ => Stopped };
        world.Deed = (_, _) =>
        {
            world.Ledger.Append(new LedgerEntry { Event = LedgerEvent.CancelAsked, Run = world.Ledger.Runs()[^1].Run });
            return Task.CompletedTask;
        };
        await world.ServeAsync();
        await world.ServeAsync("2026-11-22T02:30Z");
        await world.ServeAsync("2026-11-22T09:00Z");

        Assert.Equal(["22T02:30"], world.Began);
    }

    [Fact]
    public async Task The_next_night_takes_the_place_of_a_repetition()
    {
        using var world = new ScheduleWorld("2026-11-21T20:00Z", Nightly) { End = _ => Passing };
        await world.ServeAsync();
        await world.ServeAsync("2026-11-22T02:30Z");
        world.Crash();

        world.End = _ => new LedgerEntry { Event = LedgerEvent.RunFinished, Exit = ExitCode.Ok };
        await world.ServeAsync("2026-11-23T09:00Z");

        Assert.Equal(["22T02:30", "23T02:30"], world.Began);
    }

    [Fact]
    public async Task A_run_that_finds_its_dataset_busy_is_tried_again_and_then_given_up_with_a_line()
    {
        using var world = new ScheduleWorld("2026-11-21T20:00Z", Nightly with { Retries = 1 }) { Obstacle = new PipelineException(ExitCode.Busy, "Busy.") };
        await world.ServeAsync();
        world.Visit("2026-11-22T02:30Z");
        await world.IdleAsync();
        Assert.Equal(["Fired 22T02:30"], world.Decided);

        world.Visit("2026-11-22T02:32Z");
        await world.IdleAsync();
        world.Obstacle = null;
        await world.ServeAsync("2026-11-22T03:00Z");

        Assert.Equal(["Fired 22T02:30", "Skipped 22T02:30"], world.Decided);
        Assert.Equal("it could not begin: Busy.", world.Lines[^1].Reason);
        Assert.Empty(world.Began);
    }

    [Fact]
    public async Task A_dataset_that_is_free_again_in_time_gets_its_run()
    {
        using var world = new ScheduleWorld("2026-11-21T20:00Z", Nightly) { Obstacle = new PipelineException(ExitCode.Busy, "Busy.") };
        await world.ServeAsync();
        world.Visit("2026-11-22T02:30Z");
        await world.IdleAsync();
        world.Obstacle = null;

        await world.ServeAsync("2026-11-22T02:30:30Z");
        Assert.Empty(world.Began);
        await world.ServeAsync("2026-11-22T02:32Z");

        Assert.Equal(["22T02:30"], world.Began);
    }

    [Fact]
    public async Task A_run_that_cannot_begin_for_good_is_given_up_at_once()
    {
        using var world = new ScheduleWorld("2026-11-21T20:00Z", Nightly) { Obstacle = new PipelineException(ExitCode.InvalidConfiguration, "steps is 0.") };
        await world.ServeAsync();
        world.Visit("2026-11-22T02:30Z");
        await world.IdleAsync();

        Assert.Equal("it could not begin: steps is 0.", world.Lines[^1].Reason);
    }

    static TimeSpan Delay(string schedule, int attempt) => RetryPolicy.Delay(Nightly, schedule, ScheduleWorld.Instant("2026-11-22T02:30Z"), attempt);
}
