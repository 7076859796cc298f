using Pipeline.Host.Schedule;
using Pipeline.Stages;

namespace Pipeline.Unit.Host.Schedule;

/// <summary>What happens while a run goes on.</summary>
public sealed class ScheduleDeskTests
{
    static readonly ScheduleOptions Hourly = new() { Cron = "0 * * * *" };

    [Fact]
    public async Task An_instant_during_a_run_is_skipped_with_a_line()
    {
        using var night = await LongRunAsync(Overlap.Skip);

        night.World.Visit("2026-11-21T21:00Z");
        night.End.SetResult();
        await night.World.ServeAsync("2026-11-21T21:10Z");

        Assert.Equal(["21T20:00"], night.World.Began);
        Assert.Equal(["Fired 21T20:00", "Skipped 21T21:00"], night.World.Decided);
        Assert.Equal("the last run still goes on", night.World.Lines.Single(line => line.Event == LedgerEvent.ScheduleSkipped).Reason);
    }

    [Fact]
    public async Task Instants_during_a_run_wait_for_its_end_and_run_in_order()
    {
        using var night = await LongRunAsync(Overlap.Queue);

        night.World.Visit("2026-11-21T21:00Z");
        night.World.Visit("2026-11-21T22:00Z");
        Assert.Equal(["21T20:00"], night.World.Began);
        Assert.Equal("waits for the last run", night.World.ReasonOf(LedgerEvent.ScheduleFired));
        night.End.SetResult();
        await night.World.ServeAsync("2026-11-21T22:10Z");

        Assert.Equal(["21T20:00", "21T21:00", "21T22:00"], night.World.Began);
    }

    [Fact]
    public async Task An_instant_during_a_run_cancels_it_and_runs()
    {
        using var night = await LongRunAsync(Overlap.Cancel);

        night.World.Visit("2026-11-21T21:00Z");
        await night.World.IdleAsync();
        await night.World.ServeAsync("2026-11-21T21:00:01Z");

        Assert.True(night.WasCancelled);
        Assert.Equal(["21T20:00", "21T21:00"], night.World.Began);
    }

    [Fact]
    public async Task What_waits_for_a_run_survives_the_server()
    {
        using var night = await LongRunAsync(Overlap.Queue);
        night.World.Visit("2026-11-21T21:00Z");
        night.End.SetResult();
        await night.World.IdleAsync();
        night.World.Crash();

        await night.World.ServeAsync("2026-11-21T21:10Z");

        Assert.Equal(["21T20:00", "21T21:00"], night.World.Began);
    }

    [Fact]
    public async Task A_run_that_another_process_began_counts_as_running_and_is_looked_after()
    {
        using var world = new ScheduleWorld("2026-11-21T20:30Z", Hourly);
        await world.ServeAsync();
        var run = world.Ledger.Begin(new LedgerEntry { Event = LedgerEvent.RunStarted, Datasets = ["toy"], Origin = RunCause.OfTrigger, Schedule = ScheduleWorld.Name });
        using (DatasetLock.Take(world.Root, "toy", new LockHolder(1, "mill", run, "pipeline schedule trigger nightly", world.Clock.Now)))
        {
            var next = world.Visit("2026-11-21T21:00Z");
            Assert.Equal(["Skipped 21T21:00"], world.Decided);
            Assert.Equal($"run {run} still goes on", world.ReasonOf(LedgerEvent.ScheduleSkipped));
            Assert.Equal(ScheduleWorld.Instant("2026-11-21T21:00:30Z"), next);
            Assert.Equal(ExitCode.Busy, Assert.Throws<PipelineException>(() => world.Desk.Trigger(ScheduleWorld.Name)).Code);
        }

        await world.ServeAsync("2026-11-21T22:00Z");
        Assert.Equal(["", "21T22:00"], world.Began);
    }

    [Fact]
    public async Task A_run_that_a_person_triggers_moves_no_due_instant()
    {
        using var world = new ScheduleWorld("2026-11-21T20:30Z", Hourly);
        await world.ServeAsync();
        world.Ledger.Pause(ScheduleWorld.Name);

        world.Desk.Trigger(ScheduleWorld.Name);
        await world.IdleAsync();

        var run = Assert.Single(world.Ledger.Runs());
        Assert.Equal((RunCause.OfTrigger, null), (run.Origin, run.Due));
        Assert.Null(ScheduleState.Of(ScheduleWorld.Name, world.Index).LastDue);
    }

    [Fact]
    public async Task A_server_that_ends_cancels_its_runs_and_begins_none()
    {
        using var night = await LongRunAsync(Overlap.Queue);
        night.World.Visit("2026-11-21T21:00Z");

        await night.World.Desk.DisposeAsync();

        Assert.True(night.WasCancelled);
        Assert.Null(night.World.Visit("2026-11-21T22:00Z"));
        Assert.Equal(["21T20:00"], night.World.Began);
        night.World.Crash();
    }

    [Fact]
    public async Task A_schedule_whose_ledger_cannot_be_written_says_so_comes_again_and_catches_up_once()
    {
        using var world = new ScheduleWorld("2026-11-21T20:30Z", Hourly);
        await world.ServeAsync();
        DateTimeOffset? next;
        using (world.WithoutLedger())
        {
            world.Visit("2026-11-21T21:00Z");
            next = world.Visit("2026-11-21T22:00Z");
            Assert.NotNull(world.Desk.TroubleOf(ScheduleWorld.Name));
        }

        Assert.Equal(ScheduleWorld.Instant("2026-11-21T22:00:30Z"), next);
        await world.ServeAsync("2026-11-21T22:00:30Z");
        Assert.Equal(["21T22:00"], world.Began);
        Assert.Null(world.Desk.TroubleOf(ScheduleWorld.Name));
    }

    [Fact]
    public async Task A_run_that_could_not_begin_and_whose_line_could_not_be_written_is_owed_and_keeps_no_other_from_beginning()
    {
        using var world = new ScheduleWorld("2026-11-21T20:30Z", Hourly with { Retries = 0 });
        await world.ServeAsync();
        IDisposable? away = null;
        world.Obstacle = new InvalidOperationException("No room.");
        world.BeforeRun = () => away = world.WithoutLedger();
        world.Visit("2026-11-21T21:00Z");
        await world.IdleAsync();
        Assert.NotNull(world.Desk.TroubleOf(ScheduleWorld.Name));

        away!.Dispose();
        (world.Obstacle, world.BeforeRun) = (null, () => { });
        Assert.Equal(ScheduleWorld.Instant("2026-11-21T21:00:30Z"), world.Visit("2026-11-21T21:00:01Z"));
        await world.ServeAsync("2026-11-21T21:00:30Z");
        await world.ServeAsync("2026-11-21T22:00Z");

        Assert.Equal(["21T21:00", "21T22:00"], world.Began);
        Assert.Null(world.Desk.TroubleOf(ScheduleWorld.Name));
    }

    [Theory]
    [InlineData(Overlap.Skip)]
    [InlineData(Overlap.Cancel)]
    public async Task Several_instants_that_are_caught_up_during_a_run_wait_for_it_whatever_overlap_says(Overlap overlap)
    {
        using var world = new ScheduleWorld("2026-11-21T20:30Z", Hourly with { Overlap = overlap, Missed = Missed.All });
        await world.ServeAsync();
        world.Clock.Now = ScheduleWorld.Instant("2026-11-21T22:10Z");

        var decision = world.Decide(isRunning: true);

        Assert.Equal([LedgerEvent.ScheduleFired, LedgerEvent.ScheduleFired], decision.Lines.Select(line => line.Event));
        Assert.False(decision.Cancels);
    }

    [Fact]
    public async Task Whoever_triggers_beside_a_run_that_was_begun_here_is_refused()
    {
        using var night = await LongRunAsync(Overlap.Skip);

        Assert.Equal(ExitCode.Busy, Assert.Throws<PipelineException>(() => night.World.Desk.Trigger(ScheduleWorld.Name)).Code);
        night.End.SetResult();
    }

    [Fact]
    public async Task The_end_of_a_run_asks_for_a_visit_for_the_next_may_wait_for_it()
    {
        using var night = await LongRunAsync(Overlap.Queue);
        Assert.Equal(0, night.World.Wakes);

        var idle = night.World.IdleAsync();
        night.End.SetResult();
        await idle;

        Assert.Equal(1, night.World.Wakes);
    }

    [Fact]
    public async Task A_trigger_that_could_not_begin_leaves_a_line_with_the_reason_and_the_exit_code()
    {
        using var world = new ScheduleWorld("2026-11-21T20:30Z", Hourly) { Obstacle = new PipelineException(ExitCode.OutOfSpace, "No room.") };

        world.Desk.Trigger(ScheduleWorld.Name);
        await world.IdleAsync();

        var line = Assert.Single(world.Lines);
        Assert.Equal((LedgerEvent.ScheduleSkipped, null, "it could not begin: No room.", ExitCode.OutOfSpace), (line.Event, line.Due, line.Reason, line.Exit));
    }

    [Fact]
    public async Task A_run_that_is_cancelled_before_it_begins_is_neither_tried_again_nor_a_failure()
    {
        using var world = new ScheduleWorld("2026-11-21T19:30Z", Hourly with { Overlap = Overlap.Cancel }) { Start = Stopped };
        await world.ServeAsync();
        world.Visit("2026-11-21T20:00Z");

        world.Visit("2026-11-21T21:00Z");
        await world.IdleAsync();
        world.Start = _ => Task.CompletedTask;
        await world.ServeAsync("2026-11-21T21:10Z");

        var skipped = world.Lines.Single(line => line.Event == LedgerEvent.ScheduleSkipped);
        Assert.Equal(("it was cancelled before it began", null), (skipped.Reason, skipped.Exit));
        Assert.Equal(["21T21:00"], world.Began);
    }

    [Fact]
    public async Task What_the_end_of_the_server_kept_from_beginning_is_owed_to_the_next()
    {
        using var world = new ScheduleWorld("2026-11-21T19:30Z", Hourly) { Start = Stopped };
        await world.ServeAsync();
        world.Visit("2026-11-21T20:00Z");

        await world.Desk.DisposeAsync();
        Assert.Equal(["Fired 21T20:00"], world.Decided);
        world.Crash();
        world.Start = _ => Task.CompletedTask;
        await world.ServeAsync("2026-11-21T20:01Z");

        Assert.Equal(["21T20:00"], world.Began);
    }

    /// <summary>Waits for the cancellation, then ends as what finds its dataset busy: that alone would be tried again.</summary>
    static async Task Stopped(CancellationToken cancellation)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellation.Register(cancelled.SetResult);
        await cancelled.Task;
        throw new PipelineException(ExitCode.Busy, "Busy.");
    }

    /// <summary>At 20:00 a run has begun that ends when it is told to, or is cancelled.</summary>
    static async Task<Night> LongRunAsync(Overlap overlap)
    {
        var night = new Night(new ScheduleWorld("2026-11-21T19:30Z", Hourly with { Overlap = overlap, Retries = 0 }));
        // Else the rest of the test would run within the run, and wait for it in vain.
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        night.World.Deed = async (_, cancellation) =>
        {
            began.TrySetResult();
            using var registration = cancellation.Register(() =>
            {
                night.WasCancelled = true;
                night.End.TrySetResult();
            });
            await night.End.Task;
        };
        await night.World.ServeAsync();
        night.World.Visit("2026-11-21T20:00Z");
        await began.Task;
        return night;
    }

    sealed class Night(ScheduleWorld world) : IDisposable
    {
        public ScheduleWorld World => world;

        public TaskCompletionSource End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool WasCancelled { get; set; }

        public void Dispose() => world.Dispose();
    }
}
