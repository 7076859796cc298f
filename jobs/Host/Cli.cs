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
            // Who only looks leaves nothing half done: a signal need not wait for the end of a long look.
            return (ExitCode)await (AllCommands.OnlyLooks(parsed)
                ? Task.Run(() => parsed.InvokeAsync(invocation, cancellation), cancellation).WaitAsync(cancellation)
                : parsed.InvokeAsync(invocation, cancellation));
        }
        catch (PipelineException error)
        {
            return Fail(error.Code, error.Message, output, context);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Fail(context.CancelledBy(), "cancelled.", output, context);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            var code = StageFailures.CodeOf(error, ExitCode.StageFailed);
            return Fail(code, $"{StageFailures.Sentence(error)} {AdviceOn(code)}", output, context);
        }
        catch (OutOfMemoryException)
        {
            return Fail(ExitCode.OutOfSpace, "No memory left. Give the process more, or fewer threads with --threads, and run the same command again.", output, context);
        }
        catch (Exception error)
        {
            context.Error.WriteLine(error);
            return Fail(ExitCode.Bug, $"This is a defect of pipeline, please report it with the lines above: {error.Message}", output, context);
        }
    }

    static string AdviceOn(ExitCode code) => code switch
    {
        ExitCode.OutOfSpace => "Free some room with 'pipeline prune', then do the same again; a run that was broken off goes on with: pipeline resume",
        ExitCode.InputMissing => "'pipeline doctor' says which folders must be readable and writable.",
        _ => "Mend the cause ('pipeline doctor' looks at the folders), then do the same again; a run that was broken off goes on with: pipeline resume",
    };

    static ExitCode Fail(ExitCode code, string message, Output output, CliContext context)
    {
        output.Json(new { error = new { exitCode = (int)code, code = code, message } });
        context.Error.WriteLine($"error: {Phrase.Visible(message)}");
        return code;
    }
}
