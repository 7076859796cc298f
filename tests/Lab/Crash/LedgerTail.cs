using Pipeline.Stages;

namespace Pipeline.Lab.Crash;

/// <summary>Follows a ledger while others write it. It reads anew only what has changed.</summary>
sealed class LedgerTail(DataRoot root)
{
    readonly string path = Path.Combine(root.Path, "ledger.jsonl");
    byte[] bytes = [];

    public int Lines()
    {
        Read();
        return bytes.AsSpan().Count((byte)'\n');
    }

    /// <summary>True if it still begins with what it held before.</summary>
    public bool HasOnlyGrown()
    {
        var before = bytes;
        Read();
        return bytes.AsSpan().StartsWith(before);
    }

    void Read()
    {
        var file = new FileInfo(path);
        if ((file.Exists ? file.Length : 0) != bytes.Length)
        {
            bytes = file.Exists ? ReadAll(path) : [];
        }
    }

    /// <summary>Not by a FileStream, which is refused while somebody holds the file's lock.</summary>
    public static byte[] ReadAll(string path)
    {
        using var handle = Libc.Open(path, Libc.ReadOnly);
        var bytes = new byte[RandomAccess.GetLength(handle)];
        return bytes[..RandomAccess.Read(handle, bytes, 0)];
    }
}
