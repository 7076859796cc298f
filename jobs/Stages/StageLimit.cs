using System.Globalization;

namespace Pipeline.Stages;

/// <summary>Stops a stage when its time is up: its own, or what is left of the run's.</summary>
sealed class StageLimit : IDisposable
{
    readonly CancellationTokenSource timer;
    readonly CancellationTokenSource either;
    readonly string reason;

    /// <param name="spent">What the run has taken so far.</param>
    /// <param name="cancellation">Stops the stage too.</param>
    public StageLimit(RunRequest request, TimeSpan spent, TimeProvider clock, CancellationToken cancellation)
    {
        var left = request.Timeout - spent;
        var isOfRun = left is not null && (request.StageTimeout is null || left < request.StageTimeout);
        var time = isOfRun ? left : request.StageTimeout;
        reason = isOfRun
            ? $"the run has taken {Minutes(request.Timeout)}, all that it may ('timeoutMinutes' of its schedule)"
            : $"the stage has taken {Minutes(request.StageTimeout)}, all that it may ('stageTimeoutMinutes')";
        timer = time is { } span ? new CancellationTokenSource(span > TimeSpan.Zero ? span : TimeSpan.Zero, clock) : new CancellationTokenSource();
        either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellation);
    }

    public CancellationToken Token => either.Token;

    /// <summary>What is to be told instead of a cancellation that came from the limit; anything else as it is.</summary>
    public Exception Explain(Exception error) =>
        error is OperationCanceledException && timer.IsCancellationRequested ? new PipelineException(ExitCode.StageFailed, reason, error) : error;

    public void Dispose()
    {
        either.Dispose();
        timer.Dispose();
    }

    static string Minutes(TimeSpan? time) => string.Create(CultureInfo.InvariantCulture, $"{time?.TotalMinutes:0.##} minutes");
}
