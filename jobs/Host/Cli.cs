using System.CommandLine;
using System.CommandLine.Invocation;
using Pipeline.Host.Commands;
using Pipeline.Host.Terminal;
using Pipeline.Stages;

namespace Pipeline.Host;

/// <summary>The command line: parses it, runs the verb, and turns whatever happens into an exit code and a message.</summary>
public static class Cli
{
    /// <param name="args">Without the program's name.</param>
    /// <param name="cancellation">Cancelled by Ctrl-C and SIGTERM; the answer is then <see cref="CliContext.CancelledBy"/>.</param>
    public static async Task<ExitCode> RunAsync(IReadOnlyList<string> args, CliContext context, CancellationToken cancellation = default)
    {
        // Known before parsing, so that a command line that cannot be parsed is answered in the form that was asked for.
        var output = new Output(context, args.Contains("--json"), args.Contains("--quiet"));
        try
        {
            var common = new CommonOptions();
            // A user's id or a file may begin with '@': it is no response file.
            var parsed = AllCommands.Tree(context, common).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (parsed.Action is ParseErrorAction || UsageErrors.Misread(parsed) is not null)
            {
                return Fail(ExitCode.Usage, UsageErrors.Describe(parsed), output, context);
            }

            var invocation = new InvocationConfiguration
            {
                Output = context.Out,
                Error = context.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return (ExitCode)await parsed.InvokeAsync(invocation, cancellation);
        }
        catch (PipelineException error)
        {
            return Fail(error.Code, error.Message, output, context);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Fail(context.CancelledBy(), "cancelled.", output, context);
        }
        catch (IOException error) when (StageFailures.IsFull(error))
        {
            return Fail(ExitCode.OutOfSpace, $"No space left: {error.Message} Free some with 'pipeline prune', then do the same again; a run that was broken off goes on with: pipeline resume", output, context);
        }
        catch (IOException error)
        {
            return Fail(
                ExitCode.StageFailed,
                $"{error.Message.TrimEnd()} Mend the cause ('pipeline doctor' looks at the folders), then do the same again; a run that was broken off goes on with: pipeline resume",
                output,
                context);
        }
        catch (OutOfMemoryException)
        {
            return Fail(ExitCode.OutOfSpace, "No memory left. Give the process more, or fewer threads with --threads, and run the same command again.", output, context);
        }
        catch (UnauthorizedAccessException error)
        {
            return Fail(ExitCode.InputMissing, $"{error.Message} 'pipeline doctor' says which folders must be readable and writable.", output, context);
        }
        catch (Exception error)
        {
            context.Error.WriteLine(error);
            return Fail(ExitCode.Bug, $"This is a defect of pipeline, please report it with the lines above: {error.Message}", output, context);
        }
    }

    static ExitCode Fail(ExitCode code, string message, Output output, CliContext context)
    {
        output.Json(new { error = new { exitCode = (int)code, code = code, message } });
        context.Error.WriteLine($"error: {message}");
        return code;
    }
}
