namespace Pipeline.Host.Dashboard;

/// <summary>How much of the disk the data take.</summary>
/// <param name="Free">Bytes that we may still write where the data root lies.</param>
/// <param name="Total">Bytes of that disk.</param>
/// <param name="Datasets">Bytes by dataset, those without a folder left out, the largest first.</param>
sealed record DiskUse(long Free, long Total, IReadOnlyList<(string Dataset, long Bytes)> Datasets)
{
    static readonly EnumerationOptions AllFiles = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };

    public static DiskUse Of(Session session)
    {
        var folder = new DirectoryInfo(session.Data.Path);
        while (!folder.Exists && folder.Parent is { } parent)
        {
            folder = parent;
        }

        var drive = new DriveInfo(folder.FullName);
        return new DiskUse(
            drive.AvailableFreeSpace,
            drive.TotalSize,
            [
                .. session.Datasets.Select(dataset => (dataset.Name, Folder: session.Data.Dataset(dataset.Name))).Where(dataset => Directory.Exists(dataset.Folder))
                    .Select(dataset => (dataset.Name, Bytes(dataset.Folder))).OrderByDescending(dataset => dataset.Item2),
            ]);
    }

    static long Bytes(string folder) => new DirectoryInfo(folder).EnumerateFiles("*", AllFiles).Sum(Length);

    static long Length(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            // A run has just removed it.
            return 0;
        }
    }
}
