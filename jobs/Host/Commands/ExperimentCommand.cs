using System.CommandLine;
using Pipeline.Scoring.Experiments;
using Pipeline.Stages;

namespace Pipeline.Host.Commands;

/// <summary>`experiment`: runs what is missing of an experiment and holds it against the paper.</summary>
static class ExperimentCommand
{
    public static Command Create(CliContext context, CommonOptions common)
    {
        var name = new Argument<string>("name")
        {
            Description = $"One of 'experiments' of pipeline.json; '{ExperimentOptions.Paper}' is always there: all datasets of the paper, seeds 1 to 5; "
                + $"so is '{ExperimentOptions.VaccineAge}': vaccine with ages standardised before users are clustered, which {ExperimentOptions.Paper} leaves in years.",
        };
        var command = new Command("experiment", "Run datasets with several seeds, and show the paper's tables, figures and claims beside ours.") { name };
        command.SetAction(async (parsed, cancellation) =>
        {
            var values = common.Read(parsed);
            var experiment = ExperimentRun.Open(context, values, parsed.GetValue(name)!);
            var session = experiment.Session;
            var (result, rows) = await RunExecution.ExecuteAsync(session, new RunOptions(experiment.Selection) { KeepsGoing = true, Experiment = experiment.Name }, cancellation);
            if (result.Exit != ExitCode.Ok)
            {
                RunSummary.Print(session, result, rows);
                session.Output.Note($"What is done is kept. To go on: {new Session(context, values).Again($"pipeline experiment {experiment.Name}")}");
                return (int)result.Exit;
            }

            Print(session, experiment, experiment.Write(result.Plan), values.IsJson ? context.Out : null);
            return (int)ExitCode.Ok;
        });
        return command;
    }

    /// <param name="json">Where metrics.json goes as it stands; null for words.</param>
    static void Print(Session session, ExperimentRun experiment, ExperimentResults results, TextWriter? json)
    {
        json?.Write(File.ReadAllText(experiment.Metrics));
        session.Output.Table(["claim", "verdict"], results.Claims.Select(claim => (IReadOnlyList<string>)[claim.Text, Claim.Words(claim.Verdict)]));
        session.Output.Line();
        session.Output.Line($"Report: {session.Shorten(experiment.Page)}");
    }
}
