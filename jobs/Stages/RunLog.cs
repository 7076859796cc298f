using System.Globalization;

namespace Pipeline.Stages;

/// <summary>`logs/RUN.log` in the data root: what the stages said, and the stacks of what went wrong. For people; nothing reads it back.</summary>
sealed class RunLog : IDisposable
{
    readonly StreamWriter writer;
    readonly TimeProvider clock;
    readonly Lock gate = new();

    public RunLog(DataRoot root, string run, TimeProvider clock)
    {
        Path = System.IO.Path.Combine(root.Path, "logs", $"{run}.log");
        this.clock = clock;
        Files.CreateFolder(System.IO.Path.GetDirectoryName(Path)!);
        writer = new StreamWriter(Files.Append(Path)) { AutoFlush = true, NewLine = "\n" };
    }

    public string Path { get; }

    public void Write(string line)
    {
        lock (gate)
            writer.WriteLine($"{clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)} {line}");
    }

    public void Dispose() => writer.Dispose();
}
