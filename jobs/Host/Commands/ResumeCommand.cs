using System.CommandLine;
using Pipeline.Stages;
using Pipeline.Stages.Configuration;

namespace Pipeline.Host.Commands;

/// <summary>`resume`: goes on with a run that failed, was cancelled or crashed, with the settings it had.</summary>
static class ResumeCommand
{
    public static Command Create(CliContext context, CommonOptions common)
    {
        var run = new Argument<string?>("run") { Description = "Default: the last run that did not end well.", Arity = ArgumentArity.ZeroOrOne };
        var store = Arguments.Store();
        var command = new Command("resume", "Go on with a run that failed, was cancelled or crashed.") { run, store };
        command.SetAction(async (parsed, cancellation) =>
        {
            var values = common.Read(parsed);
            var session = new Session(context, values);
            if (Find(session, parsed.GetValue(run)) is not { } record)
            {
                session.Output.Json(new { nothingToDo = true });
                session.Output.Line("Nothing to resume: no run failed, was cancelled or crashed.");
                return (int)ExitCode.Ok;
            }

            session.Output.Note($"Resuming run {record.Run}: {string.Join(' ', record.Selection)}");
            // Ledgers of earlier versions may hold secrets, none of which a run needs.
            var settings = record.Settings.Where(setting => OptionSecrets.SetBy<PipelineConfiguration>(setting) is null);
            var again = new Session(context, values with { Config = values.Config ?? ValueOf(record, CommonOptions.Config), Overrides = [.. settings.Concat(values.Overrides).Distinct()] });
            var options = new RunOptions(record.Selection)
            {
                KeepsGoing = record.Arguments.Contains(RunCommand.KeepGoing),
                PublishTo = record.To,
                Store = parsed.GetValue(store) ?? ValueOf(record, Arguments.StoreName),
                Cause = new RunCause(RunCause.OfResume, record.Schedule, record.Due) { Resumes = record.Run },
            };
            return (int)await RunExecution.RunAsync(again, options, cancellation);
        });
        return command;
    }

    static RunRecord? Find(Session session, string? name) => name is null
        ? session.Runs().LastOrDefault(run => run.State is RunState.Failed or RunState.Cancelled or RunState.Crashed)
        : session.FindRun(name);

    static string? ValueOf(RunRecord record, string option) =>
        record.Arguments.Index().Where(argument => argument.Item == option).Select(argument => record.Arguments[argument.Index + 1]).FirstOrDefault();
}
