using System.Text;
using Pipeline.Stages;

namespace Pipeline.Host;

/// <summary>Finds and reads the text of pipeline.json. What is there but cannot be read is never taken for absent: a night would run on defaults.</summary>
static class ConfigurationFile
{
    /// <summary>Beyond any that people write; a device or the wrong file would have no end.</summary>
    const int MostBytes = 1 << 20;

    /// <summary>False if nothing bears that name. A folder, a link to nothing or a file that must not be read does.</summary>
    public static bool IsThere(string path) => Do(path, () =>
    {
        try
        {
            File.GetAttributes(path);
            return true;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return new FileInfo(path).LinkTarget is not null;
        }
    });

    /// <exception cref="PipelineException">It cannot be read (InputMissing), is no text or too large (InvalidConfiguration).</exception>
    public static string Read(string path) => Do(path, () =>
    {
        if (Directory.Exists(path))
        {
            throw new IOException("It is a folder.");
        }

        using var file = File.OpenRead(path);
        var bytes = new byte[MostBytes + 1];
        var count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (count > MostBytes)
        {
            throw new PipelineException(ExitCode.InvalidConfiguration, $"{path} has more than {MostBytes >> 20} MiB; a configuration has a few KiB. Is it the right file?");
        }

        try
        {
            using var reader = new StreamReader(new MemoryStream(bytes, 0, count), new UTF8Encoding(false, throwOnInvalidBytes: true));
            return reader.ReadToEnd();
        }
        catch (DecoderFallbackException error)
        {
            throw new PipelineException(ExitCode.InvalidConfiguration, $"{path} is no UTF-8 text. Save it as UTF-8.", error);
        }
    });

    static T Do<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new PipelineException(
                ExitCode.InputMissing, $"The configuration file {path} cannot be read: {StageFailures.Sentence(error)} Let this user read it, take it away, or name another with --config FILE.", error);
        }
    }
}
