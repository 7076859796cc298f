using System.Diagnostics;

namespace Pipeline.Bench;

/// <summary>How long a cache line takes from one core to another and back: about 0.1 microseconds where they share a cache, several times as much where not.</summary>
/// <remarks>A virtual machine's cores may be moved apart while it runs. Then two threads gain less, though nothing takes them their cores.</remarks>
static class PingPong
{
    const int Trips = 20_000, Rounds = 10;

    /// <returns>Nanoseconds of a trip: the median of some rounds.</returns>
    public static double Nanoseconds()
    {
        var ball = new int[64];
        var other = new Thread(() => Play(ball, mine: 1));
        other.Start();
        var times = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            Play(ball, mine: 0, Trips);
            times.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds / Trips);
        }

        other.Join();
        return Case.Middle(times);
    }

    /// <summary>Waits until the ball is on this side, and sends it to the other.</summary>
    static void Play(int[] ball, int mine, int trips = Trips * Rounds)
    {
        for (; trips > 0; trips--)
        {
            while (Volatile.Read(ref ball[32]) != mine)
            {
            }

            Volatile.Write(ref ball[32], 1 - mine);
        }
    }
}
