using System.CommandLine;
using Pipeline.Stages;

namespace Pipeline.Host.Commands;

/// <summary>`publish`: the last stage of a dataset by hand, its checks included; also for lists made earlier.</summary>
static class PublishCommand
{
    public static Command Create(CliContext context, CommonOptions common)
    {
        var dataset = new Argument<string>("dataset") { Description = "Whose lists: spotify." };
        var to = new Option<string?>("--to")
        {
            Description = "An earlier generation of a list, or the run that published it. Checked again; the next run publishes what the options ask for. Default: what they ask for now.",
            HelpName = "GENERATION",
        };
        var command = new Command("publish", "Check the lists and make them current, up to date or not.") { dataset, to };
        command.SetAction(async (parsed, cancellation) =>
        {
            var session = new Session(context, common.Read(parsed));
            var graph = session.Graph(session.Dataset(parsed.GetValue(dataset)!));
            if (graph.Stages.FirstOrDefault(stage => stage.Publishes.Count > 0) is not { } publisher)
            {
                throw new PipelineException(ExitCode.Usage, $"{graph.Dataset} publishes no list.");
            }

            return (int)await RunExecution.RunAsync(session, new RunOptions([graph.PathOf(publisher)]) { IsForced = true, PublishTo = parsed.GetValue(to) }, cancellation);
        });
        return command;
    }
}
