using System.Globalization;
using System.Runtime.Intrinsics;

namespace Pipeline.Bench;

/// <summary>What the machine can do at most, with some threads, measured on the day: the roof over every kernel.</summary>
/// <param name="GigaFlops">Fused products, by bits of the vector; 0 for widths that the machine does not have.</param>
/// <param name="Levels">Bytes that a thread goes through, and how many gigabytes a second all of them read of such.</param>
sealed record Ceiling(int Threads, IReadOnlyList<(int Bits, double OneThread, double AllThreads)> GigaFlops, IReadOnlyList<(string Name, int Bytes, double GigaBytes)> Levels)
{
    /// <summary>GFLOP/s of the widest vector, all threads.</summary>
    public double Peak => GigaFlops.Max(width => width.AllThreads);

    public string Description => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        Peak, GFLOP/s of 1 and {Threads} threads: {string.Join(", ", GigaFlops.Select(width => $"{width.Bits} bits {width.OneThread:f0} and {width.AllThreads:f0}"))}; read, GB/s of {Threads} threads: {string.Join(", ", Levels.Select(level => $"{level.Name} {level.GigaBytes:f0}"))}
        """);

    public static Ceiling Measure(int threads) => new(
        threads,
        [
            .. new[] { 128, 256, 512 }
                .Where(bits => bits == 128 || (bits == 256 ? Vector256.IsHardwareAccelerated : Vector512.IsHardwareAccelerated))
                .Select(bits => (bits, Pipeline.Bench.Peak.GigaFlops(1, bits), Pipeline.Bench.Peak.GigaFlops(threads, bits))),
        ],
        [.. new[] { ("L1", 24 << 10), ("L2", 512 << 10), ("L3", 8 << 20), ("memory", 128 << 20) }.Select(level => (level.Item1, level.Item2, Bandwidth.GigaBytes(threads, level.Item2)))]);

    /// <summary>The floor of a kernel: its arithmetic at the peak, or its traffic at the speed of the smallest memory that holds its data, whichever is longer.</summary>
    /// <param name="flops">A vector instruction of any kind counts as a fused product, which is two.</param>
    /// <param name="traffic">Bytes read and written.</param>
    /// <param name="held">Bytes of memory that they lie in. What no cache holds is taken to come from the last cache as far as it fits there.</param>
    public double Milliseconds(double flops, double traffic, double held)
    {
        var cache = Levels.Take(Levels.Count - 1).FirstOrDefault(level => held <= Capacity(level), Levels[^2]);
        var share = Math.Min(1, Capacity(cache) / held);
        return Math.Max(flops / Peak, (traffic * share / cache.GigaBytes) + (traffic * (1 - share) / Levels[^1].GigaBytes)) * 1e-6;
    }

    /// <summary>A cache is measured with half of what it holds.</summary>
    double Capacity((string Name, int Bytes, double GigaBytes) level) => 2.0 * level.Bytes * Threads;
}
