using System.Diagnostics;
using System.Text;
using Pipeline.Stages;

namespace Pipeline.Lab.Crash;

/// <summary>Waits for the moment at which a process is stopped or killed.</summary>
sealed class Moment(MiniPipeline mini, RandomStream chance)
{
    // A process of ours begins its work only after it has started.
    const int StartMilliseconds = 100;

    readonly LedgerTail ledger = new(mini.Root);

    /// <summary>Half of the moments are even over the time that is left, half come a little after something is seen to happen.</summary>
    /// <param name="outcome">Of the command when nobody disturbs it.</param>
    /// <param name="share">Of its work that is still to be done, as far as one can tell.</param>
    public void Wait(Child child, StepOutcome outcome, double share)
    {
        var clock = Stopwatch.StartNew();
        if (chance.NextInt(2) == 0)
        {
            var work = Math.Max(20, (int)((outcome.Milliseconds - StartMilliseconds) * share));
            Until(child, clock, TimeSpan.FromMilliseconds(StartMilliseconds * 3 / 4 + chance.NextInt(work)));
            return;
        }

        var limit = TimeSpan.FromMilliseconds(outcome.Milliseconds * 2);
        int exponent;
        if (outcome.Lines > 5)
        {
            // A stage begins or ends. Up to 16 ms, in microseconds: a small stage takes a few.
            var lines = ledger.Lines() + 1 + chance.NextInt(outcome.Lines);
            exponent = chance.NextInt(15);
            Until(child, clock, limit, () => ledger.Lines() >= lines);
        }
        else
        {
            // It begins to write.
            exponent = chance.NextInt(17);
            Until(child, clock, limit, () => MiniPipeline.Datasets.Any(dataset => IsHeldBy(mini, dataset, child)));
        }

        Until(child, clock, clock.Elapsed + TimeSpan.FromMicroseconds(chance.NextInt(1 << exponent)));
    }

    /// <summary>As the lock file says it; nobody is held up by the question.</summary>
    public static bool IsHeldBy(MiniPipeline mini, string dataset, Child child)
    {
        var path = Path.Combine(mini.Root.Dataset(dataset), ".lock");
        return File.Exists(path) && Encoding.UTF8.GetString(LedgerTail.ReadAll(path)).Contains($"\"pid\":{child.Pid},", StringComparison.Ordinal);
    }

    static void Until(Child child, Stopwatch clock, TimeSpan time, Func<bool>? isReached = null)
    {
        while (!child.HasExited && clock.Elapsed < time && isReached?.Invoke() != true)
        {
            // The cores are for the processes that are attacked; only what is about to come is awaited busily.
            if (isReached is not null || time - clock.Elapsed > TimeSpan.FromMilliseconds(2))
            {
                Thread.Sleep(1);
            }
            else
            {
                Thread.SpinWait(20);
            }
        }
    }
}
