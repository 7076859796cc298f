using System.Text;
using Pipeline.Stages;

namespace Pipeline.Ingest.Csv;

/// <summary>Opens a text file that may be compressed.</summary>
static class CsvStream
{
    /// <summary>What follows the name of a compressed file.</summary>
    public const string Compressed = ".gz";

    /// <summary>The name under which a file lies there: as it is called, or with .gz after it.</summary>
    /// <exception cref="PipelineException">Both or neither are there.</exception>
    public static string Find(string folder, string name)
    {
        var (isPlain, isCompressed) = (File.Exists(Path.Combine(folder, name)), File.Exists(Path.Combine(folder, name + Compressed)));
        return (isPlain, isCompressed) switch
        {
            (true, false) => name,
            (false, true) => name + Compressed,
            (true, true) => throw new PipelineException(
                ExitCode.InputMissing, $"{folder} holds both {name} and {name}{Compressed}; expected one of them. Remove the one that is out of date."),
            _ => throw new PipelineException(ExitCode.InputMissing, $"{folder} has no {name} and no {name}{Compressed}. Put the file there, or set another raw folder."),
        };
    }

    /// <summary>The bytes of the text, as UTF-8 if a mark says that they are something else; what is not valid then is an error while they are read.</summary>
    /// <param name="position">Tells how many bytes of the file have been read.</param>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static Stream Open(string path, out Func<long> position)
    {
        var encoding = FindEncoding(path);
        var bytes = OpenBytes(path, out position);
        return encoding is null ? bytes : Encoding.CreateTranscodingStream(bytes, encoding, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }

    static Stream OpenBytes(string path, out Func<long> position)
    {
        var file = Files.OpenRead(path, 1 << 18, FileOptions.SequentialScan);
        position = () => file.Position;
        return path.EndsWith(Compressed, StringComparison.Ordinal) ? new GzipReader(file) : file;
    }

    /// <returns>What a byte order mark names; null for UTF-8, whose bytes are left as they are.</returns>
    static Encoding? FindEncoding(string path)
    {
        using var text = OpenBytes(path, out _);
        Span<byte> start = stackalloc byte[4];
        try
        {
            start = start[..text.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        }
        catch (InvalidDataException)
        {
            // Damaged; told when it is read, with how far that went.
            return null;
        }

        return start switch
        {
            [0xFF, 0xFE, 0, 0] => new UTF32Encoding(bigEndian: false, byteOrderMark: true, throwOnInvalidCharacters: true),
            [0, 0, 0xFE, 0xFF] => new UTF32Encoding(bigEndian: true, byteOrderMark: true, throwOnInvalidCharacters: true),
            [0xFF, 0xFE, ..] => new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true),
            [0xFE, 0xFF, ..] => new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true),
            _ => null,
        };
    }
}
