using System.Globalization;
using Pipeline.Stages;

namespace Pipeline.Host.Schedule;

/// <summary>Which runs of a schedule are tried again, and after how long.</summary>
static class RetryPolicy
{
    const double MostJitter = 0.25;

    /// <summary>True if the run may end well when it is tried again: it crashed, its server stopped, or it failed for nothing but passing reasons.</summary>
    public static bool IsTransient(RunRecord run) => run.State == RunState.Crashed || run.IsTransient;

    /// <summary>The same of an error that kept a run from beginning.</summary>
    public static bool IsTransient(Exception error) => error is PipelineException { Code: ExitCode.Busy } || StageFailures.IsTransient(error);

    /// <summary>
    /// From the end of an attempt to the next one: doubled each time, and up to a quarter longer. How much longer follows from the schedule, the due instant
    /// and the attempt, so that it is the same when it is asked again, and another one for another schedule.
    /// </summary>
    /// <param name="attempt">The one that failed, from 1.</param>
    public static TimeSpan Delay(ScheduleOptions options, string schedule, DateTimeOffset due, int attempt)
    {
        var purpose = string.Create(CultureInfo.InvariantCulture, $"retry/{schedule}/{due.UtcTicks}");
        var jitter = 1 + MostJitter * new RandomStream(seed: 0, purpose, (uint)attempt).NextDouble();
        // Doubling ends after ten times: a day's delay would else grow past any calendar.
        return TimeSpan.FromSeconds(options.RetryDelaySeconds * Math.Pow(2, Math.Min(attempt - 1, 10)) * jitter);
    }
}
