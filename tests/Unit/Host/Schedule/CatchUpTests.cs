using Pipeline.Host.Schedule;
using Pipeline.Stages;

namespace Pipeline.Unit.Host.Schedule;

public class CatchUpTests
{
    static readonly ScheduleOptions Nightly = new() { Cron = "30 2 * * *", Retries = 0 };

    [Fact]
    public async Task A_night_on_time_runs_once_and_the_next_visit_is_wanted_at_the_next_one()
    {
        using var world = new ScheduleWorld("2026-11-21T20:00Z");
        Assert.Equal(ScheduleWorld.Instant("2026-11-22T02:30Z"), await world.ServeAsync());

        Assert.Equal(ScheduleWorld.Instant("2026-11-23T02:30Z"), await world.ServeAsync("2026-11-22T02:30Z"));
        await world.ServeAsync("2026-11-22T02:31Z");

        Assert.Equal(["22T02:30"], world.Began);
        Assert.Equal(["Fired 22T02:30"], world.Decided);
    }

    [Fact]
    public async Task A_visit_that_comes_too_early_begins_nothing_and_asks_again()
    {
        using var world = new ScheduleWorld("2026-11-21T20:00Z");
        await world.ServeAsync();

        Assert.Equal(ScheduleWorld.Instant("2026-11-22T02:30Z"), await world.ServeAsync("2026-11-22T02:29:59.999Z"));
        Assert.Empty(world.Began);
    }

    [Fact]
    public async Task The_first_server_ever_catches_nothing_up()
    {
        using var world = new ScheduleWorld("2026-11-22T09:00Z");

        await world.ServeAsync();

        Assert.Empty(world.Began);
    }

    [Theory]
    [InlineData(Missed.Once, "Missed 24T02:30,Fired 25T02:30", "25T02:30")]
    [InlineData(Missed.None, "Missed 25T02:30", "")]
    [InlineData(Missed.All, "Fired 23T02:30,Fired 24T02:30,Fired 25T02:30", "23T02:30,24T02:30,25T02:30")]
    public async Task After_three_nights_without_a_server_each_option_does_what_it_says(Missed missed, string decided, string began)
    {
        using var world = new ScheduleWorld("2026-11-22T20:00Z", Nightly with { Missed = missed });
        await world.ServeAsync();
        world.Crash();

        await world.ServeAsync("2026-11-25T09:00Z");
        await world.ServeAsync("2026-11-25T10:00Z");

        Assert.Equal(decided.Split(','), world.Decided);
        Assert.Equal(began.Split(',', StringSplitOptions.RemoveEmptyEntries), world.Began);
    }

    [Fact]
    public async Task A_night_missed_before_the_first_one_ever_ran_is_caught_up_too()
    {
        using var world = new ScheduleWorld("2026-11-21T20:00Z");
        await world.ServeAsync();
        world.Crash();

        await world.ServeAsync("2026-11-22T09:00Z");

        Assert.Equal(["22T02:30"], world.Began);
        Assert.Equal("caught up", world.ReasonOf(LedgerEvent.ScheduleFired));
    }

    [Theory]
    [InlineData("2026-11-22T02:31:00Z", 1)]
    [InlineData("2026-11-22T02:31:01Z", 0)]
    public async Task Without_catching_up_a_night_that_is_a_minute_late_still_runs_and_one_later_does_not(string now, int runs)
    {
        using var world = new ScheduleWorld("2026-11-21T20:00Z", Nightly with { Missed = Missed.None });
        await world.ServeAsync();

        await world.ServeAsync(now);

        Assert.Equal(runs, world.Began.Count);
    }

    [Fact]
    public async Task A_missed_line_says_how_many()
    {
        using var world = new ScheduleWorld("2026-11-22T20:00Z", Nightly);
        await world.ServeAsync();
        await world.ServeAsync("2026-11-26T09:00Z");

        // The 23rd, 24th and 25th; the 26th runs.
        Assert.Equal("nobody was there, and so are 2 before it", world.ReasonOf(LedgerEvent.ScheduleMissed));
        // The 27th alone; the 28th runs.
        await world.ServeAsync("2026-11-28T09:00Z");
        Assert.Equal("nobody was there", world.ReasonOf(LedgerEvent.ScheduleMissed));
    }

    [Fact]
    public async Task Of_very_many_instants_the_latest_thousand_are_caught_up()
    {
        using var world = new ScheduleWorld("2026-11-21T20:00Z", new ScheduleOptions { Cron = "* * * * *", Missed = Missed.All });
        await world.ServeAsync();
        world.Clock.Now = ScheduleWorld.Instant("2026-11-22T20:00Z");

        var lines = world.Decide(isRunning: true).Lines;

        // 1,440 minutes of a day.
        Assert.Equal((1001, LedgerEvent.ScheduleMissed, "nobody was there, and so are 439 before it"), (lines.Count, lines[0].Event, lines[0].Reason));
    }

    [Fact]
    public async Task What_is_due_in_another_zone_is_written_in_UTC()
    {
        using var world = new ScheduleWorld("2026-11-21T20:00Z", Nightly with { TimeZone = "Europe/Berlin" });
        await world.ServeAsync();
        await world.ServeAsync("2026-11-24T09:00Z");

        var lines = world.Lines.Where(line => line.Due is not null).ToList();
        Assert.Equal([LedgerEvent.ScheduleMissed, LedgerEvent.ScheduleFired, LedgerEvent.RunStarted], lines.Select(line => line.Event));
        Assert.All(lines, line => Assert.Equal((TimeSpan.Zero, 1), (line.Due!.Value.Offset, line.Due.Value.Hour)));
    }

    [Fact]
    public async Task A_clock_that_is_put_back_brings_no_second_night()
    {
        using var world = new ScheduleWorld("2026-11-21T20:00Z", Nightly);
        await world.ServeAsync();
        await world.ServeAsync("2026-11-22T02:30Z");

        foreach (var now in new[] { "2026-11-21T23:00Z", "2026-11-22T02:30Z", "2026-11-22T02:31Z" })
        {
            world.Crash();
            await world.ServeAsync(now);
        }

        Assert.Equal(["22T02:30"], world.Began);
        await world.ServeAsync("2026-11-23T02:30Z");
        Assert.Equal(["22T02:30", "23T02:30"], world.Began);
    }

    [Theory]
    [InlineData(Missed.Once, 1)]
    [InlineData(Missed.None, 0)]
    [InlineData(Missed.All, 2)]
    public async Task Killed_after_any_line_of_the_ledger_every_instant_gets_exactly_one_run(Missed missed, int caughtUp)
    {
        // Two nights on time, two without a server, one on time.
        string[] nights = ["2026-11-21T20:00Z", "2026-11-22T02:30Z", "2026-11-23T02:30Z", "2026-11-25T02:40Z", "2026-11-26T02:30Z"];
        using var whole = new ScheduleWorld(nights[0], Nightly with { Missed = missed });
        foreach (var now in nights)
            await whole.ServeAsync(now);
        var (lines, expected) = (whole.Lines, whole.Began);
        Assert.Equal(3 + caughtUp, expected.Count);

        for (var kept = 1; kept <= lines.Count; kept++)
        {
            using var world = new ScheduleWorld(nights[0], Nightly with { Missed = missed });
            var killed = lines[kept - 1].Time;
            foreach (var now in nights.Where(now => ScheduleWorld.Instant(now) <= killed))
                await world.ServeAsync(now);
            world.Crash(kept);
            // The next server is up within seconds, and goes on to the end.
            foreach (var now in nights.Where(now => ScheduleWorld.Instant(now) > killed).Prepend(killed.AddSeconds(20).ToString("O")))
                await world.ServeAsync(now);

            Assert.Equal((kept, string.Join(' ', expected)), (kept, string.Join(' ', world.Began)));
        }
    }

    [Fact]
    public async Task What_fired_and_did_not_begin_runs_later_though_missed_nights_are_not_caught_up()
    {
        using var world = new ScheduleWorld("2026-11-21T20:00Z", Nightly with { Missed = Missed.None });
        await world.ServeAsync();
        await world.ServeAsync("2026-11-22T02:30Z");
        world.Crash(lines: 2);
        Assert.Equal(LedgerEvent.ScheduleFired, world.Lines[^1].Event);

        await world.ServeAsync("2026-11-22T09:00Z");

        Assert.Equal(["22T02:30"], world.Began);
    }

    [Fact]
    public void Of_two_processes_that_begin_the_same_fire_the_ledger_lets_one()
    {
        using var world = new ScheduleWorld("2026-11-22T02:30Z");
        var entry = new LedgerEntry
        {
            Event = LedgerEvent.RunStarted,
            Datasets = [],
            Origin = RunCause.OfSchedule,
            Schedule = ScheduleWorld.Name,
            Due = world.Clock.Now,
            Attempt = 1,
        };
        var first = world.Ledger.Begin(entry);

        var error = Assert.Throws<PipelineException>(() => world.Ledger.Begin(entry));

        Assert.Equal(ExitCode.Busy, error.Code);
        Assert.Equal($"The run of schedule nightly that was due at 2026-11-22 02:30:00 UTC was begun before, as run {first}. See: pipeline runs show {first}", error.Message);
        world.Ledger.Begin(entry with { Attempt = 2 });
        world.Ledger.Begin(entry with { Origin = RunCause.OfResume });
        Assert.Equal(3, world.Ledger.Runs().Count);
    }

    [Fact]
    public async Task While_it_is_paused_nothing_runs_and_nothing_is_caught_up_afterwards()
    {
        using var world = new ScheduleWorld("2026-11-21T20:00Z");
        await world.ServeAsync();
        world.Ledger.Pause(ScheduleWorld.Name);
        await world.ServeAsync("2026-11-22T02:30Z");
        await world.ServeAsync("2026-11-24T12:00Z");

        world.Ledger.Resume(ScheduleWorld.Name);
        await world.ServeAsync("2026-11-24T12:01Z");
        Assert.Empty(world.Began);
        Assert.Equal(["Skipped 22T02:30", "Skipped 24T02:30"], world.Decided);
        Assert.Equal("it is paused, and so are 1 before it", world.ReasonOf(LedgerEvent.ScheduleSkipped));

        await world.ServeAsync("2026-11-25T02:30Z");
        Assert.Equal(["25T02:30"], world.Began);
    }

    [Fact]
    public async Task A_pause_skips_all_its_nights_with_one_line_even_where_each_would_be_caught_up()
    {
        using var world = new ScheduleWorld("2026-11-21T20:00Z", Nightly with { Missed = Missed.All });
        await world.ServeAsync();
        world.Ledger.Pause(ScheduleWorld.Name);

        await world.ServeAsync("2026-11-24T12:00Z");

        Assert.Equal(["Skipped 24T02:30"], world.Decided);
    }

    [Fact]
    public async Task What_is_owed_waits_while_it_is_paused_and_a_resumption_elsewhere_is_seen_soon()
    {
        using var world = new ScheduleWorld("2026-11-21T20:00Z", Nightly);
        await world.ServeAsync();
        await world.ServeAsync("2026-11-22T02:30Z");
        world.Crash(lines: 2);
        world.Ledger.Pause(ScheduleWorld.Name);

        Assert.Equal(ScheduleWorld.Instant("2026-11-22T02:40:30Z"), await world.ServeAsync("2026-11-22T02:40Z"));
        Assert.Empty(world.Began);
    }

    [Fact]
    public async Task Resuming_without_a_server_catches_nothing_of_the_pause_up()
    {
        using var world = new ScheduleWorld("2026-11-21T20:00Z");
        await world.ServeAsync();
        await world.ServeAsync("2026-11-22T02:30Z");
        world.Ledger.Pause(ScheduleWorld.Name);
        world.Crash();
        world.Clock.Now = ScheduleWorld.Instant("2026-11-24T12:00Z");
        world.Ledger.Resume(ScheduleWorld.Name);

        await world.ServeAsync("2026-11-24T12:01Z");

        Assert.Equal(["22T02:30"], world.Began);
    }

    [Fact]
    public async Task What_a_person_said_last_is_stronger_than_the_option()
    {
        using var world = new ScheduleWorld("2026-11-21T20:00Z", Nightly with { Paused = true });
        await world.ServeAsync();
        await world.ServeAsync("2026-11-22T02:30Z");
        Assert.Empty(world.Began);

        world.Ledger.Resume(ScheduleWorld.Name);
        await world.ServeAsync("2026-11-23T02:30Z");

        Assert.Equal(["23T02:30"], world.Began);
    }

    [Theory]
    [InlineData("0 * * * *", "UTC", "2026-11-22T00:00Z")]
    [InlineData("30 2 * * *", "Asia/Tokyo", "2026-11-22T17:30Z")] // 02:30 of the 23rd there
    public async Task A_schedule_whose_cron_or_zone_was_changed_counts_from_then(string cron, string zone, string next)
    {
        using var world = new ScheduleWorld("2026-11-21T20:00Z");
        await world.ServeAsync();
        var clock = world.Clock;
        clock.Now = ScheduleWorld.Instant("2026-11-21T23:30Z");
        var changed = new ScheduleOptions { Cron = cron, TimeZone = zone };

        var decision = CatchUp.Decide(
            ScheduleWorld.Name, changed, new FireTimes(changed.Cron, TimeZoneInfo.FindSystemTimeZoneById(zone)), ScheduleState.Of(ScheduleWorld.Name, world.Index), isRunning: false, clock.Now);

        Assert.Equal([LedgerEvent.ScheduleAdded], decision.Lines.Select(line => line.Event));
        Assert.Null(decision.Start);
        Assert.Equal(ScheduleWorld.Instant(next), decision.Wake);
    }

    [Fact]
    public async Task Lines_of_schedules_are_no_runs()
    {
        using var world = new ScheduleWorld("2026-11-21T20:00Z");
        await world.ServeAsync();
        world.Ledger.Pause(ScheduleWorld.Name);
        world.Ledger.Resume(ScheduleWorld.Name);
        await world.ServeAsync("2026-11-22T02:30Z");

        var run = Assert.Single(world.Ledger.Runs());

        Assert.Equal((RunCause.OfSchedule, ScheduleWorld.Name, ScheduleWorld.Instant("2026-11-22T02:30Z"), 1), (run.Origin, run.Schedule, run.Due, run.Attempt));
    }
}
