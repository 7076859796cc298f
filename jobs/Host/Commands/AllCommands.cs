using System.CommandLine;
using System.CommandLine.Parsing;

namespace Pipeline.Host.Commands;

/// <summary>Every verb, one line each, in the order in which the help shows them.</summary>
static class AllCommands
{
    public static RootCommand Tree(CliContext context, CommonOptions common)
    {
        var root = new RootCommand("From raw files to nightly lists and an evaluation report.") { HelpName = "pipeline" };
        common.AddTo(root);
        foreach (var command in List(context, common))
        {
            root.Add(command);
        }

        return root;
    }

    /// <summary>True if the verb changes nothing, so that it can be left wherever it is.</summary>
    public static bool OnlyLooks(ParseResult parsed)
    {
        var verb = parsed.CommandResult;
        while (verb.Parent is CommandResult { Parent: not null } outer)
        {
            verb = outer;
        }

        return verb.Command.Name is "plan" or "status" or "runs" or "report" or "workers" or "recommend" or "verify" or "config" or "doctor" or "completion";
    }

    static IReadOnlyList<Command> List(CliContext context, CommonOptions common) =>
    [
        RunCommand.Create(context, common),
        PlanCommand.Create(context, common),
        StatusCommand.Create(context, common),
        RunsCommand.Create(context, common),
        ResumeCommand.Create(context, common),
        PublishCommand.Create(context, common),
        RollbackCommand.Create(context, common),
        ScheduleCommand.Create(context, common),
        ReportCommand.Create(context, common),
        ExperimentCommand.Create(context, common),
        ServeCommand.Create(context, common),
        WorkCommand.Create(context, common),
        WorkersCommand.Create(context, common),
        RecommendCommand.Create(context, common),
        VerifyCommand.Create(context, common),
        PruneCommand.Create(context, common),
        SampleCommand.Create(context, common),
        ConfigCommand.Create(context, common),
        DoctorCommand.Create(context, common),
        CompletionCommand.Create(context, common),
    ];
}
