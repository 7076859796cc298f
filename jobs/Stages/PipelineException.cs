namespace Pipeline.Stages;

/// <summary>
/// An error that the operator can do something about. The message says what, where, found, expected and what to do; it is
/// printed as it stands, without a stack trace.
/// </summary>
public sealed class PipelineException(ExitCode code, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>The exit code of the process if nothing handles this.</summary>
    public ExitCode Code { get; } = code;
}
