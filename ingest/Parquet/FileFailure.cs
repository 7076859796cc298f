using Pipeline.Stages;

namespace Pipeline.Ingest.Parquet;

/// <summary>Turns what decoders throw into the error that an operator sees.</summary>
static class FileFailure
{
    /// <summary>True for what decoders throw: damage, or something of the format that is not supported.</summary>
    public static bool IsExpected(Exception error) => error is InvalidDataException or NotSupportedException;

    /// <param name="offset">Where in the file the page or structure begins that could not be read.</param>
    /// <param name="column">Null if it is about the footer.</param>
    public static PipelineException Of(string path, long offset, string? column, Exception error)
    {
        var where = column is null ? "footer" : $"column '{column}'";
        return new PipelineException(ExitCode.InputMissing, error is NotSupportedException
            ? $"{path}: {where}: {error.Message}. Write the file again without it."
            : $"{path}: byte {offset}, {where}: {error.Message}. The file is damaged; make it again or fetch it again.", error);
    }
}
