using System.Runtime.InteropServices;

namespace Pipeline.Kernels.Cpu;

/// <summary>Native memory on cache line boundaries.</summary>
static unsafe class NativeFloats
{
    /// <summary>Bytes; a cache line, and the widest vector.</summary>
    public const int Alignment = 64;

    /// <summary>Zeroed; freed by <see cref="NativeMemory.AlignedFree"/>.</summary>
    /// <exception cref="OutOfMemoryException">The system has no more.</exception>
    public static float* Allocate(long floats)
    {
        var bytes = checked((nuint)floats * sizeof(float));
        var data = NativeMemory.AlignedAlloc(bytes, Alignment);
        NativeMemory.Clear(data, bytes);
        return (float*)data;
    }
}
