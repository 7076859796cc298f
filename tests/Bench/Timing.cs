using System.Diagnostics;

namespace Pipeline.Bench;

/// <summary>Something to time, and its times.</summary>
/// <param name="run">One repetition.</param>
sealed class Case(string name, Action run)
{
    readonly List<double> times = [];

    public string Name => name;

    /// <summary>Milliseconds of a repetition.</summary>
    public double Median => Middle(times);

    public double Best => times.Min();

    public static double Middle(IReadOnlyList<double> values) => values.Count == 0 ? double.NaN : values.Order().ElementAt(values.Count / 2);

    /// <summary>Repeats for so long, but at least once.</summary>
    public void Measure(double seconds)
    {
        var start = Stopwatch.GetTimestamp();
        do
        {
            var repetition = Stopwatch.GetTimestamp();
            run();
            times.Add(Stopwatch.GetElapsedTime(repetition).TotalMilliseconds);
        }
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds);
    }

    public void WarmUp(double seconds)
    {
        Measure(seconds);
        times.Clear();
    }

    /// <summary>Managed bytes that a repetition allocates, on all threads: the least of some tries, for the runtime allocates a little now and then.</summary>
    public double Allocations()
    {
        const int tries = 5;
        run();
        return Enumerable.Range(0, tries).Min(_ =>
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            run();
            return GC.GetTotalAllocatedBytes(precise: true) - before;
        });
    }
}

/// <summary>Cases, and the peer, take turns, so that drift of the clock and neighbours hit all alike.</summary>
static class Rounds
{
    /// <param name="peer">A round of the peer, if there is one: given the seconds for each of its cases.</param>
    public static void Run(IReadOnlyList<Case> cases, Setup setup, Action<Peer, double> peer)
    {
        var seconds = setup.Options.Seconds / setup.Options.Rounds;
        foreach (var item in cases)
        {
            item.WarmUp(Math.Min(seconds, 0.5));
        }

        for (var round = 0; round < setup.Options.Rounds; round++)
        {
            setup.Neighbours.Watch(() =>
            {
                foreach (var item in cases)
                {
                    item.Measure(seconds);
                }
            });
            if (setup.Peer is not null)
            {
                peer(setup.Peer, seconds);
            }
        }
    }
}
