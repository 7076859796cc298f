namespace Pipeline.Unit;

/// <summary>A folder that is gone after the test.</summary>
/// <param name="isInMemory">True for tests that wait for the disk thousands of times: in memory where the system has a folder for that.</param>
sealed class TempFolder(bool isInMemory = false) : IDisposable
{
    const string Memory = "/dev/shm";

    static int made;

    public string Path { get; } = isInMemory && Directory.Exists(Memory)
        ? Directory.CreateDirectory(System.IO.Path.Combine(Memory, $"pipeline-{Environment.ProcessId}-{Interlocked.Increment(ref made)}")).FullName
        : Directory.CreateTempSubdirectory("pipeline-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(File(name))!);
        System.IO.File.WriteAllText(File(name), text);
        return File(name);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
