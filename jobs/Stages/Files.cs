namespace Pipeline.Stages;

/// <summary>What the disk is told, in one place.</summary>
static class Files
{
    /// <summary>Writes a small file whole or not at all: beside it first, on the disk, then renamed over it.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> bytes)
    {
        var partial = path + DataRoot.PartialSuffix;
        using (var file = new FileStream(partial, FileMode.Create, FileAccess.Write))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        Libc.Rename(partial, path);
        Libc.FlushFolder(Path.GetDirectoryName(path)!);
    }
}
