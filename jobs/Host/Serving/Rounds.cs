using Pipeline.Stages;

namespace Pipeline.Host.Serving;

/// <summary>What `serve` looks after again and again, beside the requests that it answers.</summary>
static class Rounds
{
    static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500);

    /// <summary>Ends without an error when it is cancelled. A round that fails is logged, and the next one is tried all the same.</summary>
    /// <param name="name">Of what is looked after, for the log.</param>
    public static async Task RepeatAsync(string name, Func<CancellationToken, Task> round, ServeLog log, TimeProvider clock, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Beat, clock);
        string? said = null;
        try
        {
            do
            {
                try
                {
                    await round(cancellation);
                    said = null;
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException or PipelineException)
                {
                    // A disk that is full is full twice a second; one line tells it.
                    if (said != error.Message)
                    {
                        log.Warn($"{name} failed", ("message", error.Message));
                    }

                    said = error.Message;
                }
            }
            while (await timer.WaitForNextTickAsync(cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The server stops.
            return;
        }
    }
}
