using System.CommandLine;
using Pipeline.Host.Terminal;
using Pipeline.Stages;

namespace Pipeline.Host.Commands;

/// <summary>`plan`: what a run would do, and why; changes nothing.</summary>
static class PlanCommand
{
    public static Command Create(CliContext context, CommonOptions common)
    {
        var selection = Arguments.Selection();
        var force = Arguments.Force();
        var command = new Command("plan", "Say what a run would do, and why.") { selection, force };
        command.SetAction(parsed =>
        {
            var session = new Session(context, common.Read(parsed));
            var words = parsed.GetValue(selection) ?? [];
            Print(session, words, session.Plan(words, parsed.GetValue(force)));
            return (int)ExitCode.Ok;
        });
        return command;
    }

    static void Print(Session session, IReadOnlyList<string> words, Plan plan)
    {
        var selected = plan.Selected.ToList();
        var space = SpaceEstimate.Of(session.Data, plan);
        session.Output.Json(new
        {
            done = plan.IsDone,
            space = new { needed = space.Needed, free = space.Free },
            stages = selected.Select(node => new
            {
                stage = node.Node.Path,
                seed = node.Node.Seed,
                action = node.Action,
                reason = node.Reason,
                fingerprint = node.Fingerprint,
                bytes = space.Written.TryGetValue(node.Node, out var bytes) ? bytes : (long?)null,
            }),
        });
        session.Output.Table(
            ["action", "stage", "why"],
            selected.Select(node => (IReadOnlyList<string>)[node.Action.ToString().ToUpperInvariant(), node.Node.Title, node.Reason]));
        session.Output.Line();
        if (plan.IsDone)
        {
            session.Output.Line("Nothing to do.");
            return;
        }

        session.Output.Line($"{Count(selected, PlanAction.Run)} to run, {Count(selected, PlanAction.Point)} to point at, {Count(selected, PlanAction.Skip)} up to date.");
        session.Output.Line($"Room: about {Phrase.Bytes(space.Needed)} of {Phrase.Bytes(space.Free)} that are free.");
        session.Output.Line($"Next: {session.Again(string.Join(' ', ["pipeline run", .. words]))}");
    }

    static int Count(List<PlannedNode> nodes, PlanAction action) => nodes.Count(node => node.Action == action);
}
