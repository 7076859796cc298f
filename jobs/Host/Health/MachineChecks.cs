using Pipeline.Host.Terminal;
using Pipeline.Kernels.Simd;
using Pipeline.Stages;

namespace Pipeline.Host.Health;

/// <summary>What the machine offers: runtime, vectors, threads, and a place to write.</summary>
static class MachineChecks
{
    const long LittleSpace = 2L << 30;
    const long NoSpace = 128L << 20;

    public static HealthCheck Runtime() => HealthCheck.Ok(".NET", $"{Environment.Version}, {(Environment.Is64BitProcess ? "64 bit" : "32 bit")}");

    public static HealthCheck Vectors() => SimdLevel.Width > 4
        ? HealthCheck.Ok("SIMD", $"{SimdLevel.Name}, {SimdLevel.Width} floats at once")
        : HealthCheck.Warn("SIMD", $"{SimdLevel.Name}, {SimdLevel.Width} floats at once",
            "Training will be slow: the processor has no AVX2, or DOTNET_EnableAVX2=0 is set.");

    /// <param name="threads">At least 1.</param>
    public static HealthCheck Threads(int threads)
    {
        var cores = Environment.ProcessorCount;
        var found = $"{threads} of {cores} cores";
        return threads <= cores
            ? HealthCheck.Ok("threads", found)
            : HealthCheck.Warn("threads", found, $"More threads than cores slow each other down. Set threads to 0 (all cores) or at most {cores}.");
    }

    /// <summary>Whether files can be made in the data root, or, before the first run, in the folder it will be made in.</summary>
    public static HealthCheck Writable(string dataRoot)
    {
        var folder = Existing(dataRoot);
        var probe = Path.Combine(folder, $".doctor-{Environment.ProcessId}");
        try
        {
            using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
                return HealthCheck.Ok("data root", folder == dataRoot ? $"{dataRoot} is writable" : $"{dataRoot} will be made by the first run");
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return HealthCheck.Fail("data root", $"{folder} is not writable: {error.Message}",
                "Give this user the right to write there, or name another folder with --data DIR.", ExitCode.InputMissing);
        }
    }

    public static HealthCheck Space(string dataRoot)
    {
        var free = new DriveInfo(Existing(dataRoot)).AvailableFreeSpace;
        var found = $"{Phrase.Bytes(free)} free";
        return free switch
        {
            < NoSpace => HealthCheck.Fail("disk", found, "Free some: 'pipeline prune' removes generations that nothing uses.", ExitCode.OutOfSpace),
            < LittleSpace => HealthCheck.Warn("disk", found, "Free some soon: 'pipeline prune' removes generations that nothing uses."),
            _ => HealthCheck.Ok("disk", found),
        };
    }

    /// <summary>The folder itself or the nearest one above it that exists.</summary>
    static string Existing(string folder)
    {
        while (!Directory.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder) ?? "/";
        }

        return folder;
    }
}
