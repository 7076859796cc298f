using System.CommandLine;

namespace Pipeline.Host.Commands;

/// <summary>`run`: makes what is not up to date.</summary>
static class RunCommand
{
    public const string KeepGoing = "--keep-going";

    public static Command Create(CliContext context, CommonOptions common)
    {
        var selection = Arguments.Selection();
        var force = Arguments.Force();
        var store = Arguments.Store();
        var keepGoing = new Option<bool>(KeepGoing) { Description = "After a failure, still run what does not depend on the failed stage." };
        var command = new Command("run", "Make what is not up to date: from raw files to lists and a report.") { selection, force, keepGoing, store };
        command.SetAction(async (parsed, cancellation) =>
        {
            var session = new Session(context, common.Read(parsed));
            var options = new RunOptions(session.Selection(parsed.GetValue(selection) ?? []))
            {
                IsForced = parsed.GetValue(force),
                KeepsGoing = parsed.GetValue(keepGoing),
                Store = parsed.GetValue(store),
            };
            return (int)await RunExecution.RunAsync(session, options, cancellation);
        });
        return command;
    }
}
