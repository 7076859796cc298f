using Pipeline.Host.Serving;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Actions;

/// <summary>Starts a child and waits until its run has a name, so that the reader lands on its page.</summary>
static class StartedRun
{
    static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    /// <exception cref="PipelineException">It ended before its run began: the message is what it said.</exception>
    public static async Task<string> AddressAsync(PageRequest request, RunOrder order)
    {
        // A word that begins with a hyphen would be an option of the command line.
        if (order.Selection.FirstOrDefault(word => word.StartsWith('-')) is { } option)
        {
            throw new PipelineException(ExitCode.Usage, $"'{option}' is no selection. Name datasets or stages, such as spotify/train+.");
        }

        var child = request.Launcher.Start(order);
        using var timer = new PeriodicTimer(Step, request.Clock);
        while (await timer.WaitForNextTickAsync(request.Cancellation))
        {
            if (request.Ledger.Runs().LastOrDefault(run => run.Pid == child.Pid && run.Started >= child.Started) is { } run)
            {
                return Show.RunAddress(run.Run);
            }

            if (child.Ended.IsCompleted)
            {
                var exit = await child.Ended;
                return exit == ExitCode.Ok ? "/runs" : throw new PipelineException(exit, string.Join('\n', child.LastLines));
            }
        }

        return "/runs";
    }
}
