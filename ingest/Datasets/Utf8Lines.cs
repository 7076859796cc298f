using System.Buffers.Text;
using System.Text;
using Pipeline.Stages;

namespace Pipeline.Ingest.Datasets;

/// <summary>Lines of text as bytes, without an object per line: to a file, or kept until they are taken.</summary>
sealed class Utf8Lines : IDisposable
{
    const int FlushBytes = 1 << 20;

    readonly Stream? file;
    byte[] bytes = new byte[FlushBytes + 1024];
    int length;

    /// <summary>Lines that are kept.</summary>
    public Utf8Lines()
    {
    }

    /// <summary>Lines that go to a new file.</summary>
    public Utf8Lines(string path) => file = Files.Create(path, bufferBytes: 0, isNew: true);

    /// <summary>What was added since the last <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Kept => bytes.AsSpan(0, length);

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public void Clear() => length = 0;

    public void Add(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Room(text.Length));
        length += text.Length;
    }

    /// <summary>Two lower-case digits per byte.</summary>
    public void AddHex(ReadOnlySpan<byte> digest)
    {
        Convert.TryToHexStringLower(digest, Room(2 * digest.Length), out var written);
        length += written;
    }

    /// <param name="digits">At least so many, with zeros in front.</param>
    public void AddNumber(ulong number, byte digits)
    {
        Utf8Formatter.TryFormat(number, Room(20), out var written, new('D', digits));
        length += written;
    }

    public void Dispose()
    {
        file?.Write(bytes.AsSpan(0, length));
        file?.Dispose();
    }

    Span<byte> Room(int count)
    {
        if (file is not null && length > FlushBytes)
        {
            file.Write(bytes.AsSpan(0, length));
            length = 0;
        }

        if (length + count > bytes.Length)
        {
            Array.Resize(ref bytes, Math.Max(2 * bytes.Length, length + count));
        }

        return bytes.AsSpan(length);
    }
}
