namespace Pipeline.Host.Schedule;

/// <summary>
/// Begins the runs of the schedules in time. The seam for other clocks than Quartz: whoever implements it only has to call <see cref="ScheduleDesk.Visit"/> for each schedule
/// at the start, at the instant that the last visit named, and whenever the desk asks for it; what is due, missed or owed is decided behind the desk.
/// </summary>
interface IScheduler : IAsyncDisposable
{
    /// <summary>Catches up what was missed, and from then on runs what is due, until it is disposed.</summary>
    Task StartAsync(CancellationToken cancellation);

    /// <summary>Begins a run of the schedule now, paused or not, and does not wait for it.</summary>
    /// <exception cref="Stages.PipelineException">A run of it goes on (Busy), or there is no such schedule (Usage).</exception>
    Task TriggerAsync(string schedule, CancellationToken cancellation);

    Task PauseAsync(string schedule, CancellationToken cancellation);

    Task ResumeAsync(string schedule, CancellationToken cancellation);

    /// <inheritdoc cref="ScheduleDesk.TroubleOf"/>
    string? TroubleOf(string schedule);

    /// <summary>The next due instants, whether it is paused or not. Each with the offset of its zone.</summary>
    IReadOnlyList<DateTimeOffset> Next(string schedule, int count);
}
