using Pipeline.Stages;

namespace Pipeline.Lab.Damage;

/// <summary>
/// Gives inputs to a reader and holds it to three promises: it ends with a typed error or a reading, within a second, and takes no more memory
/// than the input and what was decoded from it explain.
/// </summary>
sealed class Trial(Findings findings) : IDisposable
{
    public static readonly string[] Kinds = ["crashes", "hangs", "memory", "wrong"];

    const int MostMilliseconds = 1000;

    // What readers allocate for any file: buffers, messages, the runtime's own.
    const long Fixed = 4 << 20;

    // A byte of a header becomes an object at worst; arrays double as they grow.
    const int PerInputByte = 256, PerDecodedByte = 8;

    // What was decoded has to be explained too: by the input, as far as any compression goes.
    const long MostUnexplained = 32 << 20;
    const int MostPerInputByte = 1100;

    readonly DirectoryInfo folder = LabFolder.Create();
    int kept;

    public string Folder => folder.FullName;

    public long Inputs { get; private set; }

    /// <summary>How many ended with an error of ours.</summary>
    public long Errors { get; private set; }

    /// <param name="what">Which input, for findings.</param>
    /// <param name="input">Kept on disk if it shows anything.</param>
    /// <param name="read">Reads it; returns the bytes that were decoded, before an error too, through its argument.</param>
    /// <returns>The error of ours, or null if the input could be read.</returns>
    public PipelineException? Run(string what, byte[] input, Action<Decoded> read)
    {
        Inputs++;
        PipelineException? told = null;
        for (var attempt = 0; ; attempt++)
        {
            var decoded = new Decoded();
            var before = GC.GetAllocatedBytesForCurrentThread();
            var began = Environment.CpuUsage.TotalTime;
            try
            {
                read(decoded);
            }
            catch (PipelineException error)
            {
                told = error;
            }
            catch (Exception error)
            {
                Keep("crashes", what, input, $"{error.GetType().Name}: {error.Message} {error.StackTrace?.Split('\n')[0].Trim()}");
            }

            var milliseconds = (Environment.CpuUsage.TotalTime - began).TotalMilliseconds;
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            var most = Fixed + PerInputByte * (long)input.Length + PerDecodedByte * decoded.Bytes;
            if (allocated > most)
            {
                Keep("memory", what, input, $"{allocated:N0} bytes allocated, at most {most:N0} expected");
            }

            if (decoded.Bytes > MostUnexplained + MostPerInputByte * (long)input.Length)
            {
                Keep("memory", what, input, $"{decoded.Bytes:N0} bytes decoded from {input.Length:N0}");
            }

            // Of the processor, which others may hold for long; the collector may have had its turn, so what is slow thrice is slow.
            if (milliseconds <= MostMilliseconds)
            {
                break;
            }

            if (attempt == 2)
            {
                Keep("hangs", what, input, $"{milliseconds:N0} ms of the processor");
                break;
            }
        }

        Errors += told is null ? 0 : 1;
        return told;
    }

    /// <summary>Notes that an input was read as what it is not.</summary>
    public void Wrong(string what, byte[] input, string found) => Keep("wrong", what, input, found);

    public void Dispose() => folder.Delete(recursive: true);

    void Keep(string kind, string what, byte[] input, string found)
    {
        var path = Path.Combine(Path.GetTempPath(), $"pipeline-lab-found-{Environment.ProcessId}-{kept++}");
        if (kept < 50)
        {
            File.WriteAllBytes(path, input);
        }

        findings.Add(kind, $"{what}: {found} ({path})");
    }
}

/// <summary>What a reader holds, so that its memory can be weighed against it.</summary>
sealed class Decoded
{
    public long Bytes { get; set; }
}
