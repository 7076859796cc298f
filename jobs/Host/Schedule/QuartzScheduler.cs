using Pipeline.Stages;
using Quartz;

namespace Pipeline.Host.Schedule;

/// <summary>
/// The schedules on Quartz. Quartz is the alarm clock and no more: one trigger per schedule that fires once, at the instant that the desk named, and is then set anew. Its cron triggers and
/// its misfire rules are not used: they know neither what the ledger knows nor how <see cref="FireTimes"/> treats a change of the clock.
/// </summary>
/// <param name="index">Of the same ledger.</param>
/// <param name="run">See <see cref="ScheduleDesk"/>.</param>
/// <param name="store">Where Quartz keeps its triggers; null for memory, which is enough: every start sets them anew.</param>
sealed class QuartzScheduler(
    IReadOnlyList<ScheduleEntry> schedules, Ledger ledger, LedgerIndex index, TimeProvider clock, Func<Fire, CancellationToken, Task> run, Action<IQuartzBuilder>? store = null) : IScheduler
{
    const string Job = "visit";

    readonly CancellationTokenSource stopping = new();
    ScheduleDesk? desk;
    ISchedulerFactory? factory;
    Quartz.IScheduler? quartz;

    public async Task StartAsync(CancellationToken cancellation)
    {
        desk = new ScheduleDesk(schedules, ledger, index, clock, run, schedule => _ = WakeAsync(schedule, clock.GetUtcNow()));
        factory = QuartzSchedulerBuilder.Create(builder =>
        {
            builder.UseTimeProvider(clock);
            (store ?? (memory => memory.UseInMemoryStore()))(builder);
            builder.AddJob(Job, (IJobExecutionContext context) => VisitAsync(context.Trigger.Key.Name), job => job.StoreDurably());
        }).Build();
        quartz = await factory.GetScheduler(cancellation);
        await quartz.Start(cancellation);
        foreach (var schedule in schedules)
            await WakeAsync(schedule.Name, clock.GetUtcNow());
    }

    public Task TriggerAsync(string schedule, CancellationToken cancellation)
    {
        // First the name: a schedule that nobody has is the asker's error, whether the scheduler was started or not.
        var name = Find(schedule).Name;
        Desk.Trigger(name);
        return Task.CompletedTask;
    }

    public Task PauseAsync(string schedule, CancellationToken cancellation)
    {
        ledger.Pause(Find(schedule).Name);
        return Task.CompletedTask;
    }

    public async Task ResumeAsync(string schedule, CancellationToken cancellation)
    {
        ledger.Resume(Find(schedule).Name);
        await WakeAsync(schedule, clock.GetUtcNow());
    }

    public string? TroubleOf(string schedule) => desk?.TroubleOf(Find(schedule).Name);

    public IReadOnlyList<DateTimeOffset> Next(string schedule, int count) => [.. Find(schedule).Times.After(clock.GetUtcNow()).Take(count)];

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        if (quartz is not null)
            await quartz.Shutdown(waitForJobsToComplete: true, CancellationToken.None);
        if (desk is not null)
            await desk.DisposeAsync();
        if (factory is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
    }

    ScheduleDesk Desk => desk ?? throw new InvalidOperationException("The scheduler was not started.");

    ScheduleEntry Find(string schedule) => schedules.FirstOrDefault(entry => entry.Name == schedule)
        ?? throw new PipelineException(ExitCode.Usage, $"There is no schedule '{schedule}'.{NearestNames.Hint(schedule, schedules.Select(entry => entry.Name))}");

    async Task VisitAsync(string schedule)
    {
        if (Desk.Visit(schedule) is { } next)
            await WakeAsync(schedule, next);
    }

    /// <summary>Sets the alarm; one that is set for an earlier instant stays, for whoever set it has its reason.</summary>
    async Task WakeAsync(string schedule, DateTimeOffset at)
    {
        if (quartz is null || stopping.IsCancellationRequested)
            return;
        var alarm = TriggerBuilder.Create(clock).WithIdentity(schedule).ForJob(Job).StartAt(at)
            .WithSchedule(SimpleScheduleBuilder.Create().WithMisfireInstruction(SimpleTriggerMisfireInstruction.FireNow)).Build();
        await quartz.ScheduleTrigger(alarm, TriggerConflict.KeepEarlier, CancellationToken.None);
    }
}
