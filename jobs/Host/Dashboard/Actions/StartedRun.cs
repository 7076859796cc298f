using Pipeline.Host.Serving;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Actions;

/// <summary>Waits until a run that was asked for has a name, so that the reader lands on its page.</summary>
static class StartedRun
{
    static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    /// <summary>Starts a child and waits for its run.</summary>
    /// <exception cref="PipelineException">It ended before its run began: the message is what it said.</exception>
    public static async Task<string> AddressAsync(PageRequest request, RunOrder order)
    {
        // A word that begins with a hyphen would be an option of the command line.
        if (order.Selection.FirstOrDefault(word => word.StartsWith('-')) is { } option)
        {
            throw new PipelineException(ExitCode.Usage, $"'{option}' is no selection. Name datasets or stages, such as spotify/train+.");
        }

        var child = request.Launcher.Start(order);
        if (await WaitAsync(request, child.IsOf, () => child.Ended.IsCompleted) is { } address)
        {
            return address;
        }

        var exit = await child.Ended;
        return exit == ExitCode.Ok ? "/runs" : throw new PipelineException(exit, child.Message);
    }

    /// <summary>The address of the first run that is the one; null if none has come when it is over.</summary>
    public static async Task<string?> WaitAsync(PageRequest request, Func<RunHeadline, bool> isTheOne, Func<bool> isOver)
    {
        using var timer = new PeriodicTimer(Step, request.Clock);
        while (await timer.WaitForNextTickAsync(request.Cancellation))
        {
            // Asked first: a run that comes before the end is then still seen.
            var over = isOver();
            if (request.Ledger.Runs().LastOrDefault(isTheOne) is { } run)
            {
                return Show.RunAddress(run.Run);
            }

            if (over)
            {
                return null;
            }
        }

        return null;
    }
}
