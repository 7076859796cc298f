using System.Globalization;
using Hangfire;
using Pipeline.Host.Schedule;

namespace Pipeline.Integrations;

/// <summary>What Hangfire calls. Its own retries are off: whether a run is tried again is the desk's to say.</summary>
[AutomaticRetry(Attempts = 0)]
sealed class HangfireJobs(HangfireScheduler scheduler)
{
    [JobDisplayName("Look after {0}")]
    public void Visit(string schedule) => scheduler.Visit(schedule);

    /// <param name="due">As <see cref="Show"/> has it.</param>
    [JobDisplayName("Run {0} {1} (attempt {2})")]
    public Task RunAsync(string schedule, string due, int attempt) => scheduler.RunAsync(new Fire(schedule, Parse(due), attempt));

    public static string Show(DateTimeOffset? due) => due?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture) ?? "";

    public static DateTimeOffset? Parse(string due) =>
        due.Length == 0 ? null : DateTimeOffset.Parse(due, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}

/// <summary>Gives Hangfire the jobs of one scheduler.</summary>
sealed class HangfireActivator(HangfireScheduler scheduler) : JobActivator
{
    public override object ActivateJob(Type jobType) => new HangfireJobs(scheduler);
}
