using System.Text;
using Pipeline.Stages;

namespace Pipeline.Host.Terminal;

/// <summary>Standard output or standard error of the process, where the other end may be full, closed or gone.</summary>
/// <remarks>
/// A line of progress that cannot be written has nobody to be told of it, and must not end a night. A result that cannot be written is told once,
/// and nothing more is written after it: half a document and then an error would be neither. Where whoever started the process closed the
/// output, nobody waits for a result.
/// </remarks>
/// <param name="isResult">True for standard output.</param>
sealed class StandardStream(TextWriter stream, bool isResult) : TextWriter
{
    volatile bool isBroken;

    public override Encoding Encoding => stream.Encoding;

    public override void Write(char value) => Try(() => stream.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => stream.Write(buffer, index, count));

    public override void Write(string? value) => Try(() => stream.Write(value));

    public override void WriteLine(string? value) => Try(() => stream.WriteLine(value));

    public override void Flush() => Try(stream.Flush);

    void Try(Action write)
    {
        if (isBroken)
        {
            return;
        }

        try
        {
            write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            isBroken = isResult;
            // A closed descriptor is answered with "access denied".
            if (isResult && error is IOException)
            {
                throw new PipelineException(
                    StageFailures.CodeOf(error, ExitCode.StageFailed),
                    $"Standard output cannot be written: {StageFailures.Sentence(error)} What was done is done, only the answer is lost: mend what takes it, and ask again.",
                    error);
            }
        }
    }
}
