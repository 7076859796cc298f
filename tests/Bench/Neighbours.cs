using System.Diagnostics;
using System.Globalization;

namespace Pipeline.Bench;

/// <summary>How much of the cores other processes took while we measured: above a few per cent, times are theirs as well as ours.</summary>
sealed class Neighbours
{
    const string File = "/proc/stat";

    readonly List<double> trips = [];
    double ours, others, cores;

    public string Description => cores == 0
        ? "What other processes took of the cores is not known here"
        : string.Create(CultureInfo.InvariantCulture, $"We took {ours / cores:p0} of the cores, others {Math.Max(0, others / cores):p0}; a cache line from core to core and back takes {string.Join(", ", trips.Select(trip => trip.ToString("f0", CultureInfo.InvariantCulture)))} ns");

    public void Watch(Action measurement)
    {
        if (Environment.ProcessorCount > 1)
        {
            trips.Add(PingPong.Nanoseconds());
        }

        var (busy, own, start) = (BusySeconds(), Environment.CpuUsage.TotalTime.TotalSeconds, Stopwatch.GetTimestamp());
        measurement();
        if (busy is { } before && BusySeconds() is { } after)
        {
            var used = Environment.CpuUsage.TotalTime.TotalSeconds - own;
            ours += used;
            others += after - before - used;
            cores += Stopwatch.GetElapsedTime(start).TotalSeconds * Environment.ProcessorCount;
        }
    }

    /// <summary>Seconds that all cores together were busy since the start of the system, in hundredths; null where that is not told.</summary>
    static double? BusySeconds()
    {
        if (!System.IO.File.Exists(File))
        {
            return null;
        }

        // cpu user nice system idle iowait irq softirq steal ...
        var fields = System.IO.File.ReadLines(File).First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields[1..9].Where((_, field) => field is not (3 or 4)).Sum(field => double.Parse(field, CultureInfo.InvariantCulture)) / 100;
    }
}
