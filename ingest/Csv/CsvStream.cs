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

    /// <param name="position">Tells how many bytes of the file have been read.</param>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static Stream Open(string path, out Func<long> position)
    {
        var file = Files.OpenRead(path, 1 << 18, FileOptions.SequentialScan);
        position = () => file.Position;
        return path.EndsWith(Compressed, StringComparison.Ordinal) ? new GzipReader(file) : file;
    }
}
