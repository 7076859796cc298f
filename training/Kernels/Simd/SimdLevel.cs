using System.Runtime.Intrinsics;

namespace Pipeline.Kernels.Simd;

/// <summary>
/// The vector width in use. DOTNET_EnableAVX512=0 and DOTNET_EnableAVX2=0 in the environment switch widths off (AVX2 takes FMA with it).
/// </summary>
public static class SimdLevel
{
    /// <summary>Floats in a vector: 16, 8 or 4.</summary>
    public static int Width => Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : 4;

    /// <summary>"avx512", "avx2" or "vector128": results repeat to the byte within one of these.</summary>
    public static string Name => Width switch { 16 => "avx512", 8 => "avx2", _ => "vector128" };
}
