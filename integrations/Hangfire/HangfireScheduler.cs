using Hangfire;
using Hangfire.Common;
using Hangfire.InMemory;
using Hangfire.States;
using Hangfire.Storage;
using Pipeline.Host.Schedule;
using Pipeline.Stages;

namespace Pipeline.Integrations;

/// <summary>
/// The schedules on Hangfire: a recurring job for each, so that its page shows them; an alarm at each instant that the desk names; and a job for each run. What is due, missed or
/// owed is the desk's, and which run goes on the ledger's and the lock's: Hangfire's storage may be lost, or be wrong, and nothing is run twice or left out.
/// </summary>
/// <param name="index">Of the same ledger.</param>
/// <param name="run">See <see cref="ScheduleDesk"/>.</param>
/// <param name="storage">Where Hangfire keeps its jobs; null for memory. Disposed here.</param>
sealed class HangfireScheduler(
    IReadOnlyList<ScheduleEntry> schedules, Ledger ledger, LedgerIndex index, TimeProvider clock, Func<Fire, CancellationToken, Task> run, JobStorage? storage = null) : IScheduler
{
    // Hangfire's own filters would try a failed run ten times.
    static readonly IJobFilterProvider Filters = new JobFilterProviderCollection(new JobFilterAttributeFilterProvider());

    readonly Lock gate = new();
    readonly HangfireTickets tickets = new();
    readonly Dictionary<string, (string Job, DateTimeOffset At)> alarms = new(StringComparer.Ordinal);
    readonly JobStorage storage = storage ?? new InMemoryStorage();
    ScheduleDesk? desk;
    BackgroundJobServer? server;
    bool isStopping;

    public JobStorage Storage => storage;

    public LedgerIndex Index => index;

    BackgroundJobClient Client => new(storage, Filters);

    public Task StartAsync(CancellationToken cancellation)
    {
        desk = new ScheduleDesk(schedules, ledger, index, clock, RunAsJobAsync, schedule => Wake(schedule, clock.GetUtcNow()));
        server = new BackgroundJobServer(
            new BackgroundJobServerOptions
            {
                Activator = new HangfireActivator(this),
                FilterProvider = Filters,
                // A run keeps a worker, perhaps a second one waits for it, and visits must not wait for runs.
                WorkerCount = (3 * schedules.Count) + 2,
                SchedulePollingInterval = TimeSpan.FromSeconds(1),
                ShutdownTimeout = TimeSpan.FromSeconds(2),
            },
            storage);
        Announce();
        foreach (var schedule in schedules)
            Wake(schedule.Name, clock.GetUtcNow());
        return Task.CompletedTask;
    }

    public Task TriggerAsync(string schedule, CancellationToken cancellation)
    {
        Desk.Trigger(Find(schedule).Name);
        return Task.CompletedTask;
    }

    public Task PauseAsync(string schedule, CancellationToken cancellation)
    {
        ledger.Pause(Find(schedule).Name);
        return Task.CompletedTask;
    }

    public Task ResumeAsync(string schedule, CancellationToken cancellation)
    {
        ledger.Resume(Find(schedule).Name);
        Wake(schedule, clock.GetUtcNow());
        return Task.CompletedTask;
    }

    public string? TroubleOf(string schedule) => desk?.TroubleOf(Find(schedule).Name);

    public IReadOnlyList<DateTimeOffset> Next(string schedule, int count) => [.. Find(schedule).Times.After(clock.GetUtcNow()).Take(count)];

    public async ValueTask DisposeAsync()
    {
        lock (gate)
            isStopping = true;
        if (desk is not null)
            await desk.DisposeAsync();
        server?.SendStop();
        server?.Dispose();
        (storage as IDisposable)?.Dispose();
    }

    /// <summary>A job of Hangfire asks to look after a schedule; perhaps one of an earlier configuration.</summary>
    internal void Visit(string schedule)
    {
        if (schedules.All(entry => entry.Name != schedule))
            return;
        lock (gate)
        {
            if (alarms.TryGetValue(schedule, out var alarm) && alarm.At <= clock.GetUtcNow())
                alarms.Remove(schedule);
        }

        if (Desk.Visit(schedule) is { } next)
            Wake(schedule, next);
    }

    /// <summary>A job of Hangfire asks to run.</summary>
    internal async Task RunAsync(Fire fire)
    {
        if (!await tickets.TakeAsync(fire, run))
            Visit(fire.Schedule);
    }

    ScheduleDesk Desk => desk ?? throw new InvalidOperationException("The scheduler was not started.");

    ScheduleEntry Find(string schedule) => schedules.FirstOrDefault(entry => entry.Name == schedule)
        ?? throw new PipelineException(ExitCode.Usage, $"There is no schedule '{schedule}'.{NearestNames.Hint(schedule, schedules.Select(entry => entry.Name))}");

    Task RunAsJobAsync(Fire fire, CancellationToken cancellation) => tickets.WaitAsync(
        fire,
        () => Client.Create(Job.FromExpression<HangfireJobs>(jobs => jobs.RunAsync(fire.Schedule, HangfireJobs.Show(fire.Due), fire.Attempt)), new EnqueuedState()),
        cancellation);

    /// <summary>Sets the alarm; one that is set for an earlier instant stays, for whoever set it has its reason.</summary>
    void Wake(string schedule, DateTimeOffset at)
    {
        lock (gate)
        {
            if (isStopping || (alarms.TryGetValue(schedule, out var alarm) && alarm.At <= at))
                return;
            if (alarm.Job is { } later)
                Client.ChangeState(later, new DeletedState(), ScheduledState.StateName);
            IState state = at <= clock.GetUtcNow() ? new EnqueuedState() : new ScheduledState(at.UtcDateTime);
            alarms[schedule] = (Client.Create(Job.FromExpression<HangfireJobs>(jobs => jobs.Visit(schedule)), state), at);
        }
    }

    /// <summary>Recurring jobs are what Hangfire's page lists; each is one more visit, at instants that may differ from ours where a clock is changed.</summary>
    void Announce()
    {
        var manager = new RecurringJobManager(storage, Filters);
        using (var connection = storage.GetConnection())
        {
            foreach (var gone in connection.GetRecurringJobs().Where(job => schedules.All(entry => entry.Name != job.Id)))
                manager.RemoveIfExists(gone.Id);
        }

        foreach (var entry in schedules)
        {
            var job = Job.FromExpression<HangfireJobs>(jobs => jobs.Visit(entry.Name));
            var options = new RecurringJobOptions { TimeZone = TimeZoneInfo.FindSystemTimeZoneById(entry.Options.TimeZone), MisfireHandling = MisfireHandlingMode.Ignorable };
            try
            {
                manager.AddOrUpdate(entry.Name, job, entry.Options.Cron, options);
            }
            catch (ArgumentException)
            {
                // A form that ours knows and Hangfire's does not: it is listed without instants of its own, and our alarms ring all the same.
                manager.AddOrUpdate(entry.Name, job, Cron.Never(), options);
            }
        }
    }
}
