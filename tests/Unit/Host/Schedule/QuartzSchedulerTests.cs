using System.Collections.Concurrent;
using Pipeline.Host.Schedule;
using Pipeline.Stages;

namespace Pipeline.Unit.Host.Schedule;

/// <summary>The alarm clock rings: on the machine's own clock, so nothing is said of how soon.</summary>
public sealed class QuartzSchedulerTests : IDisposable
{
    static readonly TimeSpan Liveness = TimeSpan.FromMinutes(2);

    readonly TempFolder folder = new();
    readonly BlockingCollection<Fire> fires = [];
    readonly Ledger ledger;

    public QuartzSchedulerTests() => ledger = new Ledger(new DataRoot(folder.Path), TimeProvider.System);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_schedule_of_every_second_fires_again_and_again_each_instant_once_and_whole()
    {
        await using var scheduler = Scheduler("* * * * * ?");
        await scheduler.StartAsync(CancellationToken.None);

        var due = Enumerable.Range(0, 3).Select(_ => Take().Due!.Value).ToList();

        Assert.Equal(due.Distinct().Order(), due);
        Assert.All(due, instant => Assert.Equal(0, instant.Ticks % TimeSpan.TicksPerSecond));
    }

    [Fact]
    public async Task A_missed_instant_is_caught_up_at_the_start()
    {
        // A nightly server that was up once, five years ago.
        var past = new Unit.Stages.HandClock { Now = TimeProvider.System.GetUtcNow().AddYears(-5) };
        new Ledger(new DataRoot(folder.Path), past).Append(new LedgerEntry { Event = LedgerEvent.ScheduleAdded, Schedule = ScheduleWorld.Name, Message = "30 2 * * * UTC" });
        await using var scheduler = Scheduler("30 2 * * *");

        await scheduler.StartAsync(CancellationToken.None);

        Assert.Equal((2, 30), (Take().Due!.Value.Hour, ledger.Read().Entries.Single(line => line.Event == LedgerEvent.ScheduleFired).Due!.Value.Minute));
    }

    [Fact]
    public async Task A_run_can_be_triggered_though_it_is_paused()
    {
        await using var scheduler = Scheduler("30 2 29 2 *");
        await scheduler.StartAsync(CancellationToken.None);
        await scheduler.PauseAsync(ScheduleWorld.Name, CancellationToken.None);

        await scheduler.TriggerAsync(ScheduleWorld.Name, CancellationToken.None);

        Assert.Null(Take().Due);
        Assert.Equal((2, 29), (scheduler.Next(ScheduleWorld.Name, 1)[0].Month, scheduler.Next(ScheduleWorld.Name, 2)[1].Day));
        Assert.Equal(ExitCode.Usage, (await Assert.ThrowsAsync<PipelineException>(() => scheduler.TriggerAsync("nigthly", CancellationToken.None))).Code);
    }

    [Fact]
    public async Task Paused_and_resumed_it_fires_again()
    {
        await using var scheduler = Scheduler("* * * * * ?");
        await scheduler.PauseAsync(ScheduleWorld.Name, CancellationToken.None);
        await scheduler.StartAsync(CancellationToken.None);
        await scheduler.ResumeAsync(ScheduleWorld.Name, CancellationToken.None);

        Assert.NotNull(Take().Due);
    }

    QuartzScheduler Scheduler(string cron) => new(
        [new ScheduleEntry(ScheduleWorld.Name, new ScheduleOptions { Cron = cron })],
        ledger,
        new LedgerIndex(new DataRoot(folder.Path), TimeProvider.System),
        TimeProvider.System,
        (fire, _) =>
        {
            var cause = fire.Cause;
            var run = ledger.Begin(new LedgerEntry { Event = LedgerEvent.RunStarted, Datasets = [], Origin = cause.Origin, Schedule = cause.Schedule, Due = cause.Due, Attempt = cause.Attempt });
            ledger.Append(new LedgerEntry { Event = LedgerEvent.RunFinished, Run = run, Exit = ExitCode.Ok });
            fires.Add(fire, CancellationToken.None);
            return Task.CompletedTask;
        });

    Fire Take() => fires.TryTake(out var fire, Liveness) ? fire : throw new TimeoutException("Nothing fired.");
}
