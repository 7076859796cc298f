using Hangfire;
using Hangfire.InMemory;
using Hangfire.States;
using Npgsql;
using Pipeline.Host.Schedule;
using Pipeline.Integrations;
using Pipeline.Stages;
using Pipeline.Unit.Host.Schedule;

namespace Pipeline.Unit.Integrations;

/// <summary>A job that Hangfire gives to a second worker while the first still runs it.</summary>
public sealed class HangfireTests : IDisposable
{
    /// <summary>A database that tests may write to; without it they use memory alone.</summary>
    const string Variable = "PIPELINE_TEST_POSTGRES";

    static readonly TimeSpan Liveness = TimeSpan.FromMinutes(2);

    readonly TempFolder folder = new();
    readonly TaskCompletionSource end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly SemaphoreSlim began = new(0);
    readonly Ledger ledger;
    int runs;

    public HangfireTests() => ledger = new Ledger(new DataRoot(folder.Path), TimeProvider.System);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_job_that_is_queued_again_while_it_runs_starts_nothing()
    {
        var storage = new InMemoryStorage();
        await using var scheduler = await RunningAsync(storage);
        var job = RunJobs(storage, "processing").Single();

        Assert.True(new BackgroundJobClient(storage).ChangeState(job, new EnqueuedState()));
        await Until(() => Attempts(storage, job) == 2);
        end.SetResult();
        await Until(() => RunJobs(storage, "succeeded").Contains(job));

        Assert.Equal((1, 1), (runs, Started));
    }

    [PostgresFact]
    public async Task A_job_is_fetched_again_after_thirty_minutes_and_starts_nothing()
    {
        var connection = Environment.GetEnvironmentVariable(Variable)!;
        await using var database = NpgsqlDataSource.Create(connection);
        await using (var drop = database.CreateCommand("drop schema if exists pipeline_hangfire cascade"))
            await drop.ExecuteNonQueryAsync();
        var storage = HangfireStorage.Open(connection);
        await using var scheduler = await RunningAsync(storage);
        var job = RunJobs(storage, "processing").Single();

        // The clock is moved by moving what it is compared with.
        await using (var move = database.CreateCommand($"update pipeline_hangfire.jobqueue set fetchedat = fetchedat - interval '31 minutes' where jobid = {job}"))
            Assert.Equal(1, await move.ExecuteNonQueryAsync());
        await Until(() => Attempts(storage, job) == 2);
        end.SetResult();
        await Until(() => RunJobs(storage, "succeeded").Contains(job));

        Assert.Equal((1, 1), (runs, Started));
    }

    [Fact]
    public async Task A_job_of_a_process_that_is_gone_starts_nothing_by_itself()
    {
        var storage = new InMemoryStorage();
        var old = new BackgroundJobClient(storage).Create<HangfireJobs>(jobs => jobs.RunAsync(ScheduleWorld.Name, "2020-01-01T02:30:00.0000000Z", 1), new EnqueuedState());
        await using var scheduler = Scheduler(storage);
        await scheduler.StartAsync(CancellationToken.None);

        await Until(() => RunJobs(storage, "succeeded").Contains(old));

        Assert.Equal((0, 0), (runs, Started));
    }

    [Fact]
    public async Task A_run_has_a_link_on_the_page_of_its_job()
    {
        var storage = new InMemoryStorage();
        await using var scheduler = await RunningAsync(storage);
        var job = storage.GetMonitoringApi().JobDetails(RunJobs(storage, "processing").Single()).Job;
        var run = scheduler.Index.Runs().Single().Run;

        var html = HangfirePage.Describe(job, scheduler.Index);
        end.SetResult();

        Assert.StartsWith($"<h3>Run</h3><p><a href=\"/runs/{run}\">{run}</a>: ", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schedules_are_listed_as_recurring_jobs_and_those_that_are_gone_are_not()
    {
        var storage = new InMemoryStorage();
        new RecurringJobManager(storage).AddOrUpdate<HangfireJobs>("gone", jobs => jobs.Visit("gone"), "0 1 * * *");
        await using var scheduler = Scheduler(storage);

        await scheduler.StartAsync(CancellationToken.None);

        using var connection = storage.GetConnection();
        var listed = Hangfire.Storage.StorageConnectionExtensions.GetRecurringJobs(connection).Single();
        Assert.Equal((ScheduleWorld.Name, "30 2 29 2 *"), (listed.Id, listed.Cron));
    }

    /// <summary>Lines of the ledger that say that a run began.</summary>
    int Started => ledger.Read().Entries.Count(line => line.Event == LedgerEvent.RunStarted);

    /// <summary>A scheduler whose run goes on until <see cref="end"/>.</summary>
    async Task<HangfireScheduler> RunningAsync(JobStorage storage)
    {
        var scheduler = Scheduler(storage);
        await scheduler.StartAsync(CancellationToken.None);
        await scheduler.TriggerAsync(ScheduleWorld.Name, CancellationToken.None);
        Assert.True(await began.WaitAsync(Liveness));
        return scheduler;
    }

    HangfireScheduler Scheduler(JobStorage storage) => new(
        [new ScheduleEntry(ScheduleWorld.Name, new ScheduleOptions { Cron = "30 2 29 2 *" })],
        ledger,
        new LedgerIndex(new DataRoot(folder.Path), TimeProvider.System),
        TimeProvider.System,
        async (fire, _) =>
        {
            Interlocked.Increment(ref runs);
            var cause = fire.Cause;
            var run = ledger.Begin(new LedgerEntry { Event = LedgerEvent.RunStarted, Datasets = [], Origin = cause.Origin, Schedule = cause.Schedule, Due = cause.Due, Attempt = cause.Attempt });
            began.Release();
            await end.Task;
            ledger.Append(new LedgerEntry { Event = LedgerEvent.RunFinished, Run = run, Exit = ExitCode.Ok });
        },
        storage);

    static IReadOnlyList<string> RunJobs(JobStorage storage, string state)
    {
        var page = storage.GetMonitoringApi();
        return state == "processing"
            ? [.. page.ProcessingJobs(0, 100).Where(job => job.Value.Job?.Method.Name == nameof(HangfireJobs.RunAsync)).Select(job => job.Key)]
            : [.. page.SucceededJobs(0, 100).Where(job => job.Value.Job?.Method.Name == nameof(HangfireJobs.RunAsync)).Select(job => job.Key)];
    }

    /// <summary>How often workers took up a job.</summary>
    static int Attempts(JobStorage storage, string job) =>
        storage.GetMonitoringApi().JobDetails(job).History.Count(entry => entry.StateName == ProcessingState.StateName);

    static async Task Until(Func<bool> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var limit = new CancellationTokenSource(Liveness);
        while (!condition())
            await timer.WaitForNextTickAsync(limit.Token);
    }

    sealed class PostgresFactAttribute : FactAttribute
    {
        public PostgresFactAttribute()
        {
            if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable)))
                Skip = $"{Variable} names no database.";
        }
    }
}
