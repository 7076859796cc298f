using System.Runtime.InteropServices;
using Pipeline.Kernels.Simd;

namespace Pipeline.Bench;

/// <summary>What the figures were measured on.</summary>
static class Machine
{
    public static string Description => $"{Processor()}, {Environment.ProcessorCount} cores, {SimdLevel.Name}, {RuntimeInformation.FrameworkDescription}";

    static string Processor()
    {
        const string file = "/proc/cpuinfo";
        if (!File.Exists(file))
        {
            return RuntimeInformation.ProcessArchitecture.ToString();
        }

        string Value(string key) => File.ReadLines(file).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?.Split(':', 2)[^1].Trim() ?? "?";
        return $"{Value("model name")} (family {Value("cpu family")}, model {Value("model\t")})";
    }
}
