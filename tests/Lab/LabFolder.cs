namespace Pipeline.Lab;

/// <summary>A folder that is gone afterwards; in memory where there is such a place, since a disk waits each time that a file is replaced.</summary>
static class LabFolder
{
    const string InMemory = "/dev/shm";

    public static DirectoryInfo Create()
    {
        var parent = Directory.Exists(InMemory) ? InMemory : Path.GetTempPath();
        return Directory.CreateDirectory(Path.Combine(parent, $"pipeline-lab-{Guid.NewGuid():N}"));
    }
}
