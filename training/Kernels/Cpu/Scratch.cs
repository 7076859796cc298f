using System.Runtime.InteropServices;

namespace Pipeline.Kernels.Cpu;

/// <summary>Memory that grows to the largest request and is used again: no allocation once it has. Aligned to 64 bytes.</summary>
sealed unsafe class Scratch : IDisposable
{
    const long Smallest = 1 << 14;

    float* data;
    long capacity;

    /// <summary>At least this many floats of undefined content, valid until the next call.</summary>
    public float* Reserve(long floats)
    {
        if (floats > capacity)
        {
            // Doubled, so that a slowly growing request does not move it each time.
            var larger = Math.Max(floats, Math.Max(Smallest, 2 * capacity));
            Dispose();
            data = NativeFloats.Allocate(larger);
            capacity = larger;
        }

        return data;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(data);
        data = null;
        capacity = 0;
    }
}
