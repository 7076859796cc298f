using System.CommandLine;
using Pipeline.Host.Terminal;
using Pipeline.Stages;

namespace Pipeline.Host.Commands;

/// <summary>`status`: for each dataset, who writes it, how its stages stand, its last run and its report.</summary>
static class StatusCommand
{
    public static Command Create(CliContext context, CommonOptions common)
    {
        var dataset = new Argument<string?>("dataset") { Description = "Default: all.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("status", "Say how each dataset and its stages stand.") { dataset };
        command.SetAction(parsed =>
        {
            var session = new Session(context, common.Read(parsed));
            var runs = session.Runs();
            var states = session.DatasetsOrAll(parsed.GetValue(dataset)).Select(each => DatasetStatus.Of(session, each, runs)).ToList();
            session.Output.Json(new { data = session.Data.Path, datasets = states.Select(state => state.Describe()) });
            foreach (var state in states)
            {
                Print(session, state);
            }

            return (int)ExitCode.Ok;
        });
        return command;
    }

    static void Print(Session session, DatasetStatus state)
    {
        session.Output.Line($"{state.Dataset} in {session.Shorten(session.Data.Dataset(state.Dataset))}");
        if (state.Holder is { } holder)
        {
            session.Output.Line($"  running: process {holder.Pid} on {holder.Host} since {Phrase.Time(holder.Since)}{(holder.Run is null ? "" : $", run {holder.Run}")}");
        }

        session.Output.Line(state.LastRun is { } run
            ? $"  last run: {run.Run}, {RunsCommand.Word(run.State)}, started {Phrase.Time(run.Started)}"
            : "  last run: none");
        session.Output.Line($"  report: {(state.Report is { } report ? session.Shorten(report) : "none")}");
        foreach (var (artifact, generation) in state.Pinned)
        {
            session.Output.Line($"  pinned: {artifact} at {generation}. Release it: {session.Again($"pipeline rollback {state.Dataset} {artifact} --release")}");
        }

        if (state.Problem is { } problem)
        {
            session.Output.Line($"  {problem}");
        }

        session.Output.Line();
        session.Output.Table(["stage", "state", "why"], state.Stages.Select(stage => (IReadOnlyList<string>)[stage.Stage, stage.State, stage.Why]));
        session.Output.Line();
    }
}
