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
        Assert.NotEqual(Delay("nightly", 1), RetryPolicy.Delay(Nightly, "nightly", ScheduleWorld.Instant("2026-11-23T02:30Z"), 1));
        Assert.NotEqual(Delay("nightly", 1).TotalSeconds, Delay("nightly", 2).TotalSeconds / 2, tolerance: 0.001);
    }

    [Fact]
    public void The_longest_delay_that_can_be_asked_for_is_one()
    {
        var delay = RetryPolicy.Delay(Nightly with { Retries = 100, RetryDelaySeconds = 86_400 }, "nightly", ScheduleWorld.Instant("2026-11-22T02:30Z"), 100);

        // A day, doubled ten times, and up to a quarter more.
        Assert.InRange(delay.TotalDays, 1024, 1280);
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
        Assert.Equal(["22T02:30", "22T02:30 attempt 2"], world.Began);
        world.Crash();
        await world.ServeAsync("2026-11-22T09:00Z");

        Assert.Equal(2, world.Began.Count);
    }

    /// <summary>Else the clock would ring without a pause until the run has its first line, or the schedule is resumed.</summary>
    [Fact]
    public async Task A_repetition_that_is_due_asks_for_no_visit_at_once_while_it_begins_or_is_paused()
    {
        using var world = new ScheduleWorld("2026-11-21T20:00Z", Nightly) { End = _ => Passing };
        await world.ServeAsync();
        await world.ServeAsync("2026-11-22T02:30Z");
        world.Clock.Now = ScheduleWorld.Instant("2026-11-22T02:32Z");
        Assert.Equal((2, ScheduleWorld.Instant("2026-11-23T02:30Z")), (world.Decide(isRunning: false).Start!.Attempt, world.Decide(isRunning: false).Wake));

        Assert.Equal((null, ScheduleWorld.Instant("2026-11-22T02:32:30Z")), (world.Decide(isRunning: true).Start, world.Decide(isRunning: true).Wake));
        world.Ledger.Pause(ScheduleWorld.Name);
        Assert.Equal((null, ScheduleWorld.Instant("2026-11-23T02:30Z")), (world.Decide(isRunning: false).Start, world.Decide(isRunning: false).Wake));
    }

    [Fact]
    public async Task What_a_person_resumed_is_theirs_to_try_again()
    {
        using var world = new ScheduleWorld("2026-11-21T20:00Z", Nightly) { End = _ => new LedgerEntry { Event = LedgerEvent.RunFinished, Exit = ExitCode.StageFailed } };
        await world.ServeAsync();
        await world.ServeAsync("2026-11-22T02:30Z");
        var resumed = world.Ledger.Begin(new LedgerEntry { Event = LedgerEvent.RunStarted, Datasets = [], Origin = RunCause.OfResume, Schedule = ScheduleWorld.Name, Due = world.Clock.Now });
        world.Ledger.Append(Passing with { Run = resumed });

        await world.ServeAsync("2026-11-22T09:00Z");

        Assert.Equal(["22T02:30", "22T02:30"], world.Began);
    }

    [Fact]
    public async Task A_night_that_was_skipped_takes_the_place_of_a_repetition_too()
    {
        using var world = new ScheduleWorld("2026-11-21T20:00Z", Nightly) { End = _ => Passing };
        await world.ServeAsync();
        await world.ServeAsync("2026-11-22T02:30Z");
        world.Ledger.Pause(ScheduleWorld.Name);
        await world.ServeAsync("2026-11-23T02:30Z");
        world.Ledger.Resume(ScheduleWorld.Name);

        await world.ServeAsync("2026-11-23T09:00Z");

        Assert.Equal(["22T02:30"], world.Began);
    }

    [Fact]
    public async Task A_repetition_that_could_not_begin_is_the_last_one()
    {
        using var world = new ScheduleWorld("2026-11-21T20:00Z", Nightly) { End = _ => Passing };
        await world.ServeAsync();
        await world.ServeAsync("2026-11-22T02:30Z");
        world.Obstacle = new PipelineException(ExitCode.InvalidConfiguration, "steps is 0.");
        world.Visit("2026-11-22T02:32Z");
        await world.IdleAsync();
        world.Obstacle = null;

        await world.ServeAsync("2026-11-22T09:00Z");

        Assert.Equal(["22T02:30"], world.Began);
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
        using var world = new ScheduleWorld("2026-11-21T20:00Z", Nightly) { Obstacle = new PipelineException(ExitCode.Busy, "Busy.") };
        await world.ServeAsync();
        // After one minute and after two more, and up to a quarter longer.
        foreach (var now in new[] { "2026-11-22T02:30Z", "2026-11-22T02:32Z", "2026-11-22T02:36Z" })
        {
            Assert.DoesNotContain("Skipped 22T02:30", world.Decided);
            world.Visit(now);
            await world.IdleAsync();
        }

        world.Obstacle = null;
        await world.ServeAsync("2026-11-22T03:00Z");

        Assert.Equal(["Fired 22T02:30", "Skipped 22T02:30"], world.Decided);
        Assert.Equal("it could not begin: Busy.", world.Lines[^1].Reason);
        Assert.Empty(world.Began);
    }

    [Fact]
    public async Task Each_night_has_all_its_attempts_whatever_became_of_those_before()
    {
        using var world = new ScheduleWorld("2026-11-21T20:00Z", Nightly with { Retries = 1 }) { Obstacle = new PipelineException(ExitCode.Busy, "Busy.") };
        await world.ServeAsync();
        foreach (var night in new[] { "22", "23", "24" })
        {
            // Refused twice and given up, refused once and begun, refused once and begun.
            world.Obstacle = new PipelineException(ExitCode.Busy, "Busy.");
            world.Visit($"2026-11-{night}T02:30Z");
            await world.IdleAsync();
            world.Obstacle = night == "22" ? world.Obstacle : null;
            world.Visit($"2026-11-{night}T02:32Z");
            await world.IdleAsync();
        }

        Assert.Equal(["Fired 22T02:30", "Skipped 22T02:30", "Fired 23T02:30", "Fired 24T02:30"], world.Decided);
        Assert.Equal(["23T02:30", "24T02:30"], world.Began);
    }

    [Fact]
    public async Task A_night_that_cannot_begin_is_given_up_though_the_one_before_began()
    {
        using var world = new ScheduleWorld("2026-11-21T20:00Z", Nightly);
        await world.ServeAsync();
        await world.ServeAsync("2026-11-22T02:30Z");
        world.Obstacle = new PipelineException(ExitCode.InvalidConfiguration, "steps is 0.");
        world.Visit("2026-11-23T02:30Z");
        await world.IdleAsync();

        Assert.Equal(["Fired 22T02:30", "Fired 23T02:30", "Skipped 23T02:30"], world.Decided);
    }

    [Fact]
    public async Task A_disk_that_fails_before_a_run_begins_is_a_passing_reason()
    {
        using var world = new ScheduleWorld("2026-11-21T20:00Z", Nightly) { Obstacle = new IOException("The device did not answer.") };
        await world.ServeAsync();
        world.Visit("2026-11-22T02:30Z");
        await world.IdleAsync();
        world.Obstacle = null;

        // The delay is 60 s and up to a quarter more; before that the next look is half a minute away.
        Assert.InRange(world.Visit("2026-11-22T02:30:50Z")!.Value, ScheduleWorld.Instant("2026-11-22T02:31Z"), ScheduleWorld.Instant("2026-11-22T02:31:15Z"));
        await world.ServeAsync("2026-11-22T02:32Z");

        Assert.Equal(["22T02:30"], world.Began);
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
