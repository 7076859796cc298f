using System.Text;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Live;

/// <summary>The log of a run, from its last lines on.</summary>
sealed class LogTail(DataRoot data, string run) : IDisposable
{
    const int TailBytes = 64 << 10;

    readonly string path = Path.Combine(data.Path, "logs", $"{run}.log");
    FileStream? file;

    /// <summary>What is shown before anything new is said; empty if there is no log.</summary>
    public string Tail()
    {
        if (!Open())
        {
            return "";
        }

        file!.Position = Math.Max(0, file.Length - TailBytes);
        var isCut = file.Position > 0;
        var text = Read();
        return isCut ? text[(text.IndexOf('\n') + 1)..] : text;
    }

    public void SkipToEnd()
    {
        if (Open())
        {
            file!.Seek(0, SeekOrigin.End);
        }
    }

    /// <summary>The whole lines that came since.</summary>
    public string Read()
    {
        if (!Open())
        {
            return "";
        }

        var start = file!.Position;
        var bytes = new byte[Math.Min(file.Length - start, 1 << 20)];
        var count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        var whole = bytes.AsSpan(0, count).LastIndexOf((byte)'\n') + 1;
        file.Position = start + whole;
        return Encoding.UTF8.GetString(bytes, 0, whole);
    }

    public void Dispose() => file?.Dispose();

    bool Open()
    {
        if (file is null && File.Exists(path))
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }

        return file is not null;
    }
}
