using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pipeline.Bench;

/// <summary>How fast memory is read, by how much of it a thread goes through again and again.</summary>
static unsafe class Bandwidth
{
    const nuint Alignment = 64;
    const int Rounds = 5;

    /// <returns>Gigabytes a second, all threads together: the best of some rounds.</returns>
    public static double GigaBytes(int threads, int bytesPerThread)
    {
        var repetitions = Math.Max(1, (64 << 20) / bytesPerThread);
        var memory = Enumerable.Range(0, threads).Select(_ => (nint)NativeMemory.AlignedAlloc((nuint)bytesPerThread, Alignment)).ToArray();
        foreach (var address in memory)
        {
            NativeMemory.Clear((void*)address, (nuint)bytesPerThread);
        }

        var next = 0;
        var mine = new ThreadLocal<nint>(() => memory[(Interlocked.Increment(ref next) - 1) % threads]);
        try
        {
            return Threads.Best(threads, Rounds, () => Read((float*)mine.Value, bytesPerThread / sizeof(float), repetitions)) * 1e-9 * bytesPerThread * repetitions;
        }
        finally
        {
            foreach (var address in memory)
            {
                NativeMemory.AlignedFree((void*)address);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    static Vector512<float> Read(float* data, int floats, int repetitions)
    {
        var (a, b, c, d) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        for (; repetitions > 0; repetitions--)
        {
            for (var i = 0; i < floats; i += 64)
            {
                a += Vector512.Load(data + i);
                b += Vector512.Load(data + i + 16);
                c += Vector512.Load(data + i + 32);
                d += Vector512.Load(data + i + 48);
            }
        }

        return a + b + c + d;
    }
}
