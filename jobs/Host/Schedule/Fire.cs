using Pipeline.Stages;

namespace Pipeline.Host.Schedule;

/// <summary>One run that a schedule asks for.</summary>
/// <param name="Schedule">Its name.</param>
/// <param name="Due">UTC: the instant that it is for; null if a person asked for it now.</param>
/// <param name="Attempt">From 1; above that, runs of the same due instant failed before.</param>
public sealed record Fire(string Schedule, DateTimeOffset? Due, int Attempt = 1)
{
    /// <summary>What the run's ledger lines say of it.</summary>
    public RunCause Cause => new(Due is null ? RunCause.OfTrigger : RunCause.OfSchedule, Schedule, Due, Attempt);
}
