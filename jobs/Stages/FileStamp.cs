namespace Pipeline.Stages;

/// <summary>What the file system knows about a file without reading it. Equal stamps of an old file mean equal bytes.</summary>
/// <param name="Modified">Nanoseconds since 1970: when its bytes were last written. A program can set it.</param>
/// <param name="Changed">Nanoseconds since 1970: when bytes, name or rights last changed. No program can set it.</param>
sealed record FileStamp(ulong Size, long Modified, long Changed, ulong Inode, ulong Device)
{
    /// <summary>Null where the system has no statx; then a file has to be read.</summary>
    public static FileStamp? Of(string path)
    {
        const long Nanoseconds = 1_000_000_000;
        return Libc.Stat(path) is not { } stat
            ? null
            : new FileStamp(
                stat.Size,
                stat.ModifiedSeconds * Nanoseconds + stat.ModifiedNanoseconds,
                stat.ChangedSeconds * Nanoseconds + stat.ChangedNanoseconds,
                stat.Inode,
                (ulong)stat.DeviceMajor << 32 | stat.DeviceMinor);
    }
}
